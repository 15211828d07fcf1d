package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.wire.JsonText;
import io.netty.buffer.ByteBuf;

/// An error inside a reply of Chat Completions, in any of the shapes providers give it, and what a
/// caller of Messages is told.
final class ChatError {
  private static final byte[] MESSAGE = "message".getBytes(US_ASCII);
  private static final byte[] TYPE = "type".getBytes(US_ASCII);
  private static final byte[] CODE = "code".getBytes(US_ASCII);
  private static final byte[] OPEN = ascii("{\"type\":\"error\",\"error\":{\"type\":\"");
  private static final byte[] MIDDLE = ascii("\",\"message\":\"");
  private static final byte[] CLOSE = ascii("\"},\"request_id\":");
  private static final byte[] OPENAI_OPEN = ascii("{\"error\":{\"message\":\"");
  private static final byte[] OPENAI_TYPE = ascii("\",\"type\":\"");
  private static final byte[] OPENAI_CODE = ascii("\",\"param\":null,\"code\":\"");
  private static final byte[] OPENAI_CLOSE = ascii("\"}}");
  private static final byte[] CODE_MEMBER = ascii("\"code\":\"");
  private static final byte[] UNEXPLAINED = ascii("the provider failed and did not say why");

  /// A longer message is not passed on: it explains nothing that a shorter one could not.
  private static final int LONGEST_MESSAGE = 8 * 1024;

  private final byte[] requestId;
  private boolean present;
  private boolean typed;
  private Type type = Type.API;
  private byte[] openAiCode = Type.API.openAiCode;
  private byte[] message = UNEXPLAINED;

  /// What Anthropic's clients branch on; the type and the code that OpenAI's do; and the further
  /// codes of OpenAI, GLM, Groq and Grok that mean it.
  private enum Type {
    BILLING("billing_error", "insufficient_quota", "insufficient_quota", "1113"),
    RATE_LIMIT("rate_limit_error", "rate_limit_error", "rate_limit_exceeded", "1302", "1303"),
    OVERLOADED(
        "overloaded_error",
        "server_error",
        "overloaded",
        "slow_down",
        "capacity_exceeded",
        "1305",
        "1312",
        "1120"),
    TOO_LONG("invalid_request_error", "invalid_request_error", "context_length_exceeded", "1261"),
    POLICY("invalid_request_error", "invalid_request_error", "content_policy_violation", "1301"),
    API("api_error", "server_error", "server_error");

    private final byte[] word;
    private final byte[] openAiType;
    private final byte[] openAiCode;
    private final String[] codes;

    Type(String word, String openAiType, String... codes) {
      this.word = ascii(word);
      this.openAiType = ascii(openAiType);
      this.openAiCode = ascii(codes[0]);
      this.codes = codes;
    }

    static Type ofCode(String code) {
      for (Type type : values()) {
        for (String each : type.codes) {
          if (each.equals(code)) {
            return type;
          }
        }
      }
      return API;
    }
  }

  /// The caller knows the exchange by `requestId`.
  ChatError(String requestId) {
    this.requestId = JsonText.quoted(requestId);
  }

  boolean isPresent() {
    return present;
  }

  /// Whether it is told as OpenAI tells errors: an object with a type.
  boolean isOpenAis() {
    return typed;
  }

  /// Ours, where the provider said nothing that could be repeated.
  void set(String plainMessage) {
    present = true;
    message = ascii(plainMessage);
  }

  /// Reads the value of a field `error`, which `cursor` is at: an object, a text, or null where
  /// there is no error.
  void read(JsonCursor cursor, byte[] bytes) {
    if (cursor.isAt('"')) {
      present |= cursor.readString();
      message(cursor, bytes);
    } else if (cursor.isAt('{')) {
      present = true;
      readObject(cursor, bytes);
    } else {
      present |= cursor.skipValue();
    }
  }

  /// Writes the error as the body of an answer, or as the data of an event.
  void write(ByteBuf out) {
    out.writeBytes(OPEN).writeBytes(type.word).writeBytes(MIDDLE);
    EscapedText.copy(out, message, 0, message.length);
    out.writeBytes(CLOSE).writeBytes(requestId).writeByte('}');
  }

  /// Writes the error as the body of an answer of OpenAI's.
  void writeOpenAi(ByteBuf out) {
    out.writeBytes(OPENAI_OPEN);
    EscapedText.copy(out, message, 0, message.length);
    out.writeBytes(OPENAI_TYPE).writeBytes(type.openAiType).writeBytes(OPENAI_CODE);
    out.writeBytes(openAiCode).writeBytes(OPENAI_CLOSE);
  }

  /// Writes the error as that of a failed response.
  void writeCodeAndMessage(ByteBuf out) {
    out.writeByte('{');
    writeMembers(out);
    out.writeByte('}');
  }

  /// Writes its code and its message as members of an object.
  void writeMembers(ByteBuf out) {
    out.writeBytes(CODE_MEMBER).writeBytes(openAiCode).writeBytes(MIDDLE);
    EscapedText.copy(out, message, 0, message.length);
    out.writeByte('"');
  }

  private void readObject(JsonCursor cursor, byte[] bytes) {
    cursor.enterObject();
    while (cursor.nextName()) {
      if (cursor.is(MESSAGE)) {
        if (cursor.readString()) {
          message(cursor, bytes);
        }
      } else if (cursor.is(CODE)) {
        readCode(cursor, bytes);
      } else if (cursor.is(TYPE)) {
        typed |= cursor.readString();
      } else {
        cursor.skipValue();
      }
    }
  }

  /// GLM's codes are numbers, mostly written as strings.
  private void readCode(JsonCursor cursor, byte[] bytes) {
    int from = cursor.valueStart();
    boolean quoted = cursor.isAt('"');
    cursor.skipValue();
    int to = cursor.valueEnd();
    int quote = quoted && to - from > 1 ? 1 : 0;
    int length = Math.min(to - from - 2 * quote, 64);
    String code = new String(bytes, from + quote, length, US_ASCII);
    type = Type.ofCode(code);
    openAiCode = type == Type.API && isWord(code) ? ascii(code) : type.openAiCode;
  }

  /// A code that is a word tells more than none; a number of GLM's does not.
  private static boolean isWord(String code) {
    return !code.isEmpty() && code.chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z'));
  }

  private void message(JsonCursor cursor, byte[] bytes) {
    int length = cursor.stringTo() - cursor.stringFrom();
    if (length > 0 && length <= LONGEST_MESSAGE) {
      message = new byte[length];
      System.arraycopy(bytes, cursor.stringFrom(), message, 0, length);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
