package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.request.RequestBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The signature that thinking bears which no Claude model signed: the translation's own, in base64
/// as all signatures are, so that it is known again when a caller sends the thinking back.
public final class ThinkingMark {
  private static final String SIGNATURE = "bGxtcHJveHk6dW5zaWduZWQ=";
  private static final byte[] BYTES = SIGNATURE.getBytes(US_ASCII);
  private static final byte[] PLACEHOLDER =
      "{\"type\":\"text\",\"text\":\"(empty)\"}".getBytes(US_ASCII);
  private static final MemberNames ROOT = MemberNames.of("messages");
  private static final MemberNames MESSAGE = MemberNames.of("content");
  private static final MemberNames BLOCK = MemberNames.of("type", "signature");

  private ThinkingMark() {}

  static byte[] bytes() {
    return BYTES;
  }

  /// Whether [#strip] may find something; costs one look at the bytes.
  public static boolean mayBeIn(RequestBody body) {
    return body.contains(BYTES);
  }

  /// The Messages request `body`, which has been scanned, without thinking that bears the mark or
  /// no signature: Anthropic refuses it. Null where it has none; else every other byte is as
  /// received. A message with nothing else says that it is empty.
  public static @Nullable ByteBuf strip(byte[] body, ByteBufAllocator allocator) {
    return without(ThinkingMark::isMarked, body, allocator);
  }

  /// The Messages request `body`, which has been scanned, without any thinking: a model refuses
  /// what another one thought and signed, so that this is what a fallback from one Claude model to
  /// another is sent. Null where it has none; else as [#strip].
  public static @Nullable ByteBuf stripAll(byte[] body, ByteBufAllocator allocator) {
    return without(ThinkingMark::isThinking, body, allocator);
  }

  private static @Nullable ByteBuf without(
      Predicate<JsonSpan> unwanted, byte[] body, ByteBufAllocator allocator) {
    JsonSpan messages = JsonSpan.of(body).members(ROOT)[0];
    JsonCursor cursor = messages.cursor();
    if (!messages.isArray() || !cursor.enterArray()) {
      return null;
    }
    ByteBuf out = null;
    int copied = 0;
    while (cursor.nextElement()) {
      JsonSpan content = JsonSpan.next(body, cursor).members(MESSAGE)[0];
      if (isIn(content, unwanted)) {
        out = out == null ? allocator.buffer(body.length) : out;
        out.writeBytes(body, copied, content.from() - copied);
        writeRest(out, content, unwanted);
        copied = content.to();
      }
    }
    return out == null ? null : out.writeBytes(body, copied, body.length - copied);
  }

  private static boolean isIn(JsonSpan content, Predicate<JsonSpan> unwanted) {
    JsonCursor cursor = content.cursor();
    if (!content.isArray() || !cursor.enterArray()) {
      return false;
    }
    while (cursor.nextElement()) {
      if (unwanted.test(JsonSpan.next(content.bytes(), cursor))) {
        return true;
      }
    }
    return false;
  }

  private static void writeRest(ByteBuf out, JsonSpan content, Predicate<JsonSpan> unwanted) {
    JsonCursor cursor = content.cursor();
    cursor.enterArray();
    boolean any = false;
    out.writeByte('[');
    while (cursor.nextElement()) {
      JsonSpan block = JsonSpan.next(content.bytes(), cursor);
      if (!unwanted.test(block)) {
        out.writeBytes(any ? new byte[] {','} : new byte[0]);
        out.writeBytes(block.bytes(), block.from(), block.to() - block.from());
        any = true;
      }
    }
    out.writeBytes(any ? new byte[0] : PLACEHOLDER).writeByte(']');
  }

  private static boolean isMarked(JsonSpan block) {
    JsonSpan[] at = block.members(BLOCK);
    return at[0].is("thinking") && (at[1].is(SIGNATURE) || !at[1].isText());
  }

  private static boolean isThinking(JsonSpan block) {
    JsonSpan type = block.members(BLOCK)[0];
    return type.is("thinking") || type.is("redacted_thinking");
  }
}
