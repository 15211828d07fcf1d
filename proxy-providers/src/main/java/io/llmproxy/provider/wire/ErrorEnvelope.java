package io.llmproxy.provider.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/// What an error's body says, in whichever of the providers' envelopes: OpenAI's `{"error":{…}}`,
/// Anthropic's around the same, GLM's with a number for a code, xAI's `{"code":"…","error":"…"}`,
/// or plain text. Empty strings stand for what is not there.
final class ErrorEnvelope {
  /// More of a body is not read.
  private static final int LONGEST_BODY = 64 * 1024;

  private static final JsonFactory JSON = new JsonFactory();

  private boolean json;
  private String type = "";
  private String code = "";
  private String detailCode = "";
  private String message = "";
  private String param = "";

  private ErrorEnvelope() {}

  static ErrorEnvelope read(ErrorReply reply) {
    ErrorEnvelope envelope = new ErrorEnvelope();
    int length = Math.min(reply.body().length, LONGEST_BODY);
    if (reply.mayBeJson()) {
      envelope.readJson(reply.body(), length);
    }
    if (!envelope.json && !looksLikeHtml(reply)) {
      envelope.message = new String(reply.body(), 0, length, UTF_8).strip();
    }
    return envelope;
  }

  /// Whether the body was JSON.
  boolean isJson() {
    return json;
  }

  String type() {
    return type;
  }

  String code() {
    return code;
  }

  /// Anthropic's finer code.
  String detailCode() {
    return detailCode;
  }

  String message() {
    return message;
  }

  String param() {
    return param;
  }

  /// A page for people, from something that stands before the provider: nothing to quote.
  private static boolean looksLikeHtml(ErrorReply reply) {
    String type = reply.contentType();
    return (type != null && type.contains("html"))
        || (reply.body().length > 0 && reply.body()[0] == '<');
  }

  /// Keeps what was read before the text broke off.
  private void readJson(byte[] body, int length) {
    try (JsonParser parser = JSON.createParser(body, 0, length)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        json = true;
        readObject(parser, true);
      }
    } catch (IOException _) {
      json = json && !(message.isEmpty() && code.isEmpty() && type.isEmpty());
    }
  }

  private void readObject(JsonParser parser, boolean outermost) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_OBJECT && isNested(name, outermost)) {
        readNested(name, parser);
      } else if (value != null && value.isScalarValue()) {
        readScalar(name, value, parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  private static boolean isNested(String name, boolean outermost) {
    return outermost ? name.equals("error") || name.equals("response") : name.equals("details");
  }

  private void readNested(String name, JsonParser parser) throws IOException {
    if (name.equals("response")) {
      // Of Responses' event `response.failed`.
      readObject(parser, true);
    } else {
      if (name.equals("error")) {
        // What stands beside it, such as Anthropic's `type`, only says that this is an error.
        type = "";
      }
      readObject(parser, false);
    }
  }

  private void readScalar(String name, JsonToken kind, JsonParser parser) throws IOException {
    if (kind == JsonToken.VALUE_NULL) {
      return;
    }
    String value = parser.getText();
    switch (name) {
      case "type" -> type = value.equals("error") ? type : value;
      case "code" -> code = value;
      case "error_code" -> detailCode = value;
      case "param" -> param = value;
      // A string `error` is xAI's message; `detail` is what common web frameworks say.
      case "message", "error", "detail" -> message = message.isEmpty() ? value : message;
      default -> {}
    }
  }
}
