package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.wire.Operation;
import io.llmproxy.proxy.http.HeaderName;
import io.llmproxy.proxy.http.Names;
import io.llmproxy.proxy.http.RequestHead;
import io.llmproxy.proxy.upstream.Upstream;
import io.llmproxy.proxy.upstream.UpstreamRequest;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;

/// The header fields of a request to a provider, built anew: what the provider needs, what shows
/// who we are, and those few of the caller's that it may pass through us.
final class UpstreamFields {

  private static final AsciiString DEFAULT_ANTHROPIC_VERSION = AsciiString.cached("2023-06-01");
  private static final AsciiString SEPARATOR = AsciiString.cached(",");
  private static final HeaderName[] OF_ANY = {
    HeaderName.USER_AGENT, HeaderName.TRACEPARENT, HeaderName.TRACESTATE, HeaderName.IDEMPOTENCY_KEY
  };

  private UpstreamFields() {}

  /// The request in which `sent` goes to `upstream`.
  ///
  /// @param leftMillis how long the caller is still going to wait, −1 where it does not say
  static UpstreamRequest request(
      Upstream upstream, Sent sent, Request request, ExchangeRecord record, long leftMillis) {
    Operation operation = sent.ask().operation();
    AsciiString path = upstream.paths().get(operation);
    List<AsciiString> fields = new ArrayList<>(24);
    fields.addAll(sent.shown());
    addOwn(fields, operation, request.head(), record);
    int attempt = record.attempts + request.callerRetries() + 1;
    if (attempt > 1) {
      add(fields, HeaderName.ATTEMPT, AsciiString.of(Integer.toString(attempt)));
    }
    if (leftMillis >= 0) {
      add(fields, HeaderName.TIMEOUT_MS, AsciiString.of(Long.toString(leftMillis)));
    }
    return new UpstreamRequest(
        path == null ? AsciiString.EMPTY_STRING : path, fields, sent.ask().body());
  }

  private static void addOwn(
      List<AsciiString> fields, Operation operation, RequestHead head, ExchangeRecord record) {
    add(fields, HeaderName.CONTENT_TYPE, Names.JSON);
    add(fields, HeaderName.ACCEPT, record.streamed ? Names.EVENT_STREAM : Names.JSON);
    add(fields, HeaderName.X_REQUEST_ID, record.id);
    for (HeaderName name : OF_ANY) {
      forward(fields, head, name);
    }
    switch (operation.dialect()) {
      case ANTHROPIC_MESSAGES -> {
        AsciiString version = head.get(HeaderName.ANTHROPIC_VERSION);
        add(
            fields,
            HeaderName.ANTHROPIC_VERSION,
            version == null ? DEFAULT_ANTHROPIC_VERSION : version);
        merge(fields, head, HeaderName.ANTHROPIC_BETA);
      }
      case OPENAI_CHAT, OPENAI_RESPONSES -> forward(fields, head, HeaderName.OPENAI_BETA);
    }
  }

  /// The caller's list joins that which the credential needs.
  private static void merge(List<AsciiString> fields, RequestHead head, HeaderName name) {
    AsciiString asked = head.get(name);
    int at = fields.indexOf(name.text()) + 1;
    if (at == 0 || asked == null) {
      forward(fields, head, name);
    } else if (!asked.contains(fields.get(at))) {
      fields.set(at, fields.get(at).concat(SEPARATOR).concat(asked));
    } else {
      fields.set(at, asked);
    }
  }

  private static void forward(List<AsciiString> fields, RequestHead head, HeaderName name) {
    AsciiString value = head.get(name);
    if (value != null) {
      add(fields, name, value);
    }
  }

  private static void add(List<AsciiString> fields, HeaderName name, AsciiString value) {
    fields.add(name.text());
    fields.add(value);
  }
}
