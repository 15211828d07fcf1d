package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.wire.Dialect;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.proxy.http.HeaderName;
import io.llmproxy.proxy.http.RequestHead;
import io.netty.util.AsciiString;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// What a request's method and path ask for.
sealed interface Endpoint {

  /// To be asked of a provider.
  record Ask(Operation operation) implements Endpoint {}

  /// The models a caller may use; `id` is empty for the whole list.
  record Models(String id) implements Endpoint {}

  /// Whether the proxy is up.
  record Health() implements Endpoint {}

  /// Counts and latencies.
  record Metrics() implements Endpoint {}

  /// A client's look whether anybody is there: `HEAD /`.
  record Presence() implements Endpoint {}

  /// The path exists, but not for this method.
  record WrongMethod(AsciiString allowed) implements Endpoint {}

  /// No such path.
  record Unknown() implements Endpoint {}

  AsciiString POST = AsciiString.cached("POST");
  AsciiString GET = AsciiString.cached("GET");
  AsciiString HEAD = AsciiString.cached("HEAD");
  AsciiString GET_HEAD = AsciiString.cached("GET, HEAD");

  static Endpoint of(RequestHead head) {
    String path = head.path().toString();
    String plain = path.startsWith("/openai/v1/") ? path.substring("/openai".length()) : path;
    return switch (plain) {
      case "/v1/chat/completions" -> post(head, Operation.CHAT_COMPLETIONS);
      case "/v1/messages" -> post(head, Operation.MESSAGES);
      case "/v1/messages/count_tokens" -> post(head, Operation.COUNT_TOKENS);
      case "/v1/responses" -> post(head, Operation.RESPONSES);
      case "/v1/embeddings" -> post(head, Operation.EMBEDDINGS);
      case "/v1/models" -> get(head, new Models(""));
      case "/health" -> get(head, new Health());
      case "/metrics" -> get(head, new Metrics());
      case "/" -> head.method().equals(HEAD) ? new Presence() : new Unknown();
      default ->
          plain.startsWith("/v1/models/")
              ? get(head, new Models(decoded(plain.substring("/v1/models/".length()))))
              : new Unknown();
    };
  }

  /// The dialect in which a caller expects an answer that no operation decides.
  static Dialect dialect(RequestHead head) {
    AsciiString path = head.path();
    return head.has(HeaderName.ANTHROPIC_VERSION)
            || path.startsWith("/v1/messages")
            || path.startsWith("/openai/v1/messages")
        ? Dialect.ANTHROPIC_MESSAGES
        : Dialect.OPENAI_CHAT;
  }

  /// A name out of a path: clients encode its slash.
  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return segment;
    }
  }

  private static Endpoint post(RequestHead head, Operation operation) {
    return head.method().equals(POST) ? new Ask(operation) : new WrongMethod(POST);
  }

  private static Endpoint get(RequestHead head, Endpoint endpoint) {
    boolean reads = head.method().equals(GET) || head.method().equals(HEAD);
    return reads ? endpoint : new WrongMethod(GET_HEAD);
  }
}
