package io.llmproxy.provider.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Errors in a caller's dialect: as the body of an answer, and as the record that ends a stream.
public final class ErrorBody {
  /// Holds all but the longest errors without growing.
  private static final int FIRST_BYTES = 512;

  private ErrorBody() {}

  /// Gives the JSON body of an answer with the error's status.
  public static ByteBuf json(ByteBufAllocator allocator, Dialect dialect, WireError error) {
    ByteBuf out = allocator.buffer(FIRST_BYTES);
    envelope(out, dialect, error);
    return out;
  }

  /// Gives the event-stream record that tells of an error once the answer's head has left.
  public static ByteBuf record(ByteBufAllocator allocator, Dialect dialect, WireError error) {
    ByteBuf out = allocator.buffer(FIRST_BYTES);
    switch (dialect) {
      case OPENAI_CHAT -> {
        text(out, "data: ");
        envelope(out, dialect, error);
      }
      case OPENAI_RESPONSES -> {
        text(out, "event: error\ndata: {\"type\":\"error\"");
        field(out, ",\"code\":", error.code());
        field(out, ",\"message\":", error.message());
        field(out, ",\"param\":", error.param());
        text(out, ",\"sequence_number\":0}");
      }
      case ANTHROPIC_MESSAGES -> {
        text(out, "event: error\ndata: ");
        envelope(out, dialect, error);
      }
    }
    text(out, "\n\n");
    return out;
  }

  private static void envelope(ByteBuf out, Dialect dialect, WireError error) {
    switch (dialect) {
      case OPENAI_CHAT, OPENAI_RESPONSES -> {
        field(out, "{\"error\":{\"message\":", error.message());
        field(out, ",\"type\":", error.type());
        field(out, ",\"param\":", error.param());
        field(out, ",\"code\":", error.code());
        text(out, "}}");
      }
      case ANTHROPIC_MESSAGES -> {
        String type = anthropicType(error.status());
        field(out, "{\"type\":\"error\",\"error\":{\"type\":", type);
        field(out, ",\"message\":", error.message());
        field(out, "},\"request_id\":", error.requestId());
        text(out, "}");
      }
    }
  }

  /// What Anthropic's clients branch on.
  private static String anthropicType(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 408, 504 -> "timeout_error";
      case 409 -> "conflict_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 503, 529 -> "overloaded_error";
      // The API never answers 405 or 415 and the like; they are the caller's fault all the same.
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  private static void field(ByteBuf out, String name, @Nullable String value) {
    text(out, name);
    if (value == null) {
      text(out, "null");
    } else {
      out.writeBytes(JsonText.quoted(value));
    }
  }

  private static void text(ByteBuf out, String ascii) {
    out.writeCharSequence(ascii, StandardCharsets.US_ASCII);
  }
}
