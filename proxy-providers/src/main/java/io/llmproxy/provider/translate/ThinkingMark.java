package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.request.RequestBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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
    JsonSpan messages = JsonSpan.of(body).members(ROOT)[0];
    JsonCursor cursor = messages.cursor();
    if (!messages.isArray() || !cursor.enterArray()) {
      return null;
    }
    ByteBuf out = null;
    int copied = 0;
    while (cursor.nextElement()) {
      JsonSpan content = JsonSpan.next(body, cursor).members(MESSAGE)[0];
      if (isMarkedIn(content)) {
        out = out == null ? allocator.buffer(body.length) : out;
        out.writeBytes(body, copied, content.from() - copied);
        writeRest(out, content);
        copied = content.to();
      }
    }
    return out == null ? null : out.writeBytes(body, copied, body.length - copied);
  }

  private static boolean isMarkedIn(JsonSpan content) {
    JsonCursor cursor = content.cursor();
    if (!content.isArray() || !cursor.enterArray()) {
      return false;
    }
    while (cursor.nextElement()) {
      if (isMarked(JsonSpan.next(content.bytes(), cursor))) {
        return true;
      }
    }
    return false;
  }

  private static void writeRest(ByteBuf out, JsonSpan content) {
    JsonCursor cursor = content.cursor();
    cursor.enterArray();
    boolean any = false;
    out.writeByte('[');
    while (cursor.nextElement()) {
      JsonSpan block = JsonSpan.next(content.bytes(), cursor);
      if (!isMarked(block)) {
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
}
