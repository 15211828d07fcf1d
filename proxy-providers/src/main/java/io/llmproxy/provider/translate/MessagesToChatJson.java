package io.llmproxy.provider.translate;

import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.SharedRoom;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Turns one Messages answer, a JSON object, into one of Chat Completions. It is gathered whole and
/// given at the end. Of one that is cut, no JSON, or longer than [#LONGEST], nothing is given: that
/// is for others to tell.
public final class MessagesToChatJson implements ReplyReader {
  /// The longest answer that is gathered, in bytes.
  public static final int LONGEST = 32 * 1024 * 1024;

  private static final int FIRST = 4096;

  private final String model;
  private final long createdSeconds;
  private final MessagesAnswer answer = new MessagesAnswer();
  private byte[] body = {};
  private int length;
  private final SharedRoom room = new SharedRoom(LONGEST);
  private long received;
  private boolean tooLong;
  private @Nullable ByteBufAllocator allocator;

  /// A translator of an answer of `model`, as the caller is to be told its name, begun at
  /// `createdSeconds` since 1970.
  public MessagesToChatJson(String model, long createdSeconds) {
    this.model = model;
    this.createdSeconds = createdSeconds;
  }

  @Override
  public void read(ByteBuf part, PartSink sink) {
    allocator = part.alloc();
    int bytes = part.readableBytes();
    received += bytes;
    tooLong |= !room.has(received);
    if (tooLong) {
      release();
    } else {
      grow(length + bytes);
      part.readBytes(body, length, bytes);
      length += bytes;
    }
    part.release();
  }

  @Override
  public void finish(PartSink sink) {
    if (allocator == null || !answer.read(body, length)) {
      return;
    }
    ByteBuf out = allocator.buffer(length + FIRST);
    answer.write(out, model, createdSeconds);
    release();
    sink.part(out);
  }

  /// Also whether the answer is too long to be gathered, which no end can mend.
  @Override
  public boolean hasError() {
    return answer.isError() || tooLong;
  }

  @Override
  public boolean isComplete() {
    return answer.isRead() && !hasError();
  }

  /// Known at the end only.
  @Override
  public boolean hasContent() {
    return answer.hasContent();
  }

  @Override
  public Usage usage() {
    return answer.usage(answer.isRead() ? 0 : received / 4);
  }

  @Override
  public Billing billing() {
    return answer.billing();
  }

  @Override
  public UsageSource usageSource() {
    return answer.isUsageReported() ? UsageSource.REPORTED : UsageSource.ESTIMATED;
  }

  @Override
  public void release() {
    body = new byte[0];
    length = 0;
    room.clear();
  }

  private void grow(int needed) {
    if (needed > body.length) {
      int doubled = Math.min(LONGEST, Math.max(FIRST, body.length * 2));
      body = Arrays.copyOf(body, Math.max(needed, doubled));
    }
  }
}
