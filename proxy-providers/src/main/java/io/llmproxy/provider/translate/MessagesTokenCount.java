package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.json.JsonWriter;
import io.llmproxy.provider.wire.TokenEstimate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// Answers a request of `count_tokens` where the provider has no such endpoint: an estimate of what
/// the model is to read. Whatever the body says, there is an answer: what is not understood counts
/// as the JSON it is.
public final class MessagesTokenCount {
  private static final byte[] INPUT_TOKENS = "input_tokens".getBytes(US_ASCII);
  private static final MemberNames ROOT = MemberNames.of("system", "messages", "tools");
  private static final MemberNames MESSAGE = MemberNames.of("content");
  private static final MemberNames SOURCE = MemberNames.of("type", "data", "content");

  /// What says nothing to the model, or is looked at apart from the rest.
  private static final MemberNames SILENT =
      MemberNames.of(
          "type",
          "id",
          "tool_use_id",
          "cache_control",
          "signature",
          "is_error",
          "citations",
          "content",
          "source",
          "data");

  /// What providers put around a message, and around a tool.
  private static final long MESSAGE_TOKENS = 4;

  private static final long TOOL_TOKENS = 8;

  /// A picture of middling size; its bytes tell nothing.
  private static final long IMAGE_TOKENS = 1500;

  /// A page of a document of pages, and how many bytes of base64 one mostly takes.
  private static final long PAGE_TOKENS = 2000;

  private static final long PAGE_BYTES = 64 * 1024;

  private MessagesTokenCount() {}

  /// Gives the answer's body.
  public static ByteBuf answer(long tokens, ByteBufAllocator allocator) {
    ByteBuf out = allocator.buffer(32);
    new JsonWriter(out).startObject().name(INPUT_TOKENS).number(tokens).endObject();
    return out;
  }

  /// Tokens of the prompt that `body`, a Messages request that has been scanned, makes.
  public static long estimate(byte[] body) {
    JsonSpan[] at = JsonSpan.of(body).members(ROOT);
    long sum = content(at[0]);
    JsonCursor cursor = at[1].cursor();
    if (at[1].isArray() && cursor.enterArray()) {
      while (cursor.nextElement()) {
        sum += MESSAGE_TOKENS + content(JsonSpan.next(body, cursor).members(MESSAGE)[0]);
      }
    }
    cursor = at[2].cursor();
    if (at[2].isArray() && cursor.enterArray()) {
      while (cursor.nextElement()) {
        sum += TOOL_TOKENS + json(JsonSpan.next(body, cursor));
      }
    }
    return Math.max(1, sum);
  }

  private static long content(JsonSpan content) {
    if (!content.isArray()) {
      return content.isPresent() ? json(content) : 0;
    }
    long sum = 0;
    JsonCursor cursor = content.cursor();
    cursor.enterArray();
    while (cursor.nextElement()) {
      sum += block(JsonSpan.next(content.bytes(), cursor));
    }
    return sum;
  }

  private static long block(JsonSpan block) {
    if (!block.isObject()) {
      return json(block);
    }
    JsonSpan[] at = block.members(SILENT);
    long sum = content(at[7]);
    if (at[8].isPresent()) {
      sum += at[0].is("image") ? IMAGE_TOKENS : source(at[8]);
    }
    JsonCursor cursor = block.cursor();
    cursor.enterObject();
    while (cursor.nextName()) {
      boolean silent = SILENT.placeOf(cursor) >= 0;
      JsonSpan value = JsonSpan.next(block.bytes(), cursor);
      sum += silent ? 0 : json(value);
    }
    return sum;
  }

  private static long source(JsonSpan source) {
    JsonSpan[] at = source.members(SOURCE);
    if (!source.isObject()) {
      return json(source);
    }
    if (at[0].is("base64")) {
      return PAGE_TOKENS * (1 + (at[1].to() - at[1].from()) / PAGE_BYTES);
    }
    if (at[0].is("text")) {
      return json(at[1]);
    }
    return at[2].isPresent() ? content(at[2]) : PAGE_TOKENS;
  }

  private static long json(JsonSpan value) {
    boolean string = value.isString();
    return TokenEstimate.ofJson(
        value.bytes(), value.from() + (string ? 1 : 0), value.to() - (string ? 1 : 0));
  }
}
