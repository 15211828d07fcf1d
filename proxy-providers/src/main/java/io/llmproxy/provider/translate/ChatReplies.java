package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonWriter;
import io.netty.buffer.ByteBuf;

/// The words in which Chat Completions says what Anthropic Messages says in its own.
final class ChatReplies {
  /// Stands before an id of Anthropic's.
  static final String ID_PREFIX = "chatcmpl-";

  private ChatReplies() {}

  /// The `finish_reason` for a `stop_reason`; one not known here is an end like any other.
  static String finishReason(String stopReason) {
    return switch (stopReason) {
      case "tool_use" -> "tool_calls";
      case "max_tokens", "model_context_window_exceeded" -> "length";
      case "refusal" -> "content_filter";
      default -> "stop";
    };
  }

  /// Writes the error object of Chat Completions for an Anthropic error of `type`, whose message
  /// stands escaped in `[from, to)` of `bytes`.
  static void writeError(ByteBuf out, String type, byte[] bytes, int from, int to) {
    JsonWriter writer = new JsonWriter(out);
    writer.startObject().name("error").startObject().name("message").openString();
    JsonStrings.writeInside(out, bytes, from, to);
    writer.closeString().name("type").string(errorType(type));
    writer.name("param").nothing().name("code").string(errorCode(type));
    writer.endObject().endObject();
  }

  private static String errorType(String type) {
    return switch (type) {
      case "invalid_request_error", "request_too_large", "not_found_error" ->
          "invalid_request_error";
      case "rate_limit_error" -> "rate_limit_error";
      case "billing_error" -> "insufficient_quota";
      default -> "server_error";
    };
  }

  /// A key that Anthropic refuses is the proxy's, so that the caller is not told of it.
  private static String errorCode(String type) {
    return switch (type) {
      case "invalid_request_error" -> "invalid_request";
      case "request_too_large" -> "request_too_large";
      case "not_found_error" -> "model_not_found";
      case "rate_limit_error" -> "rate_limit_exceeded";
      case "billing_error" -> "insufficient_quota";
      case "overloaded_error" -> "overloaded";
      case "timeout_error" -> "upstream_timeout";
      default -> "upstream_error";
    };
  }
}
