package io.llmproxy.provider.translate;

import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.sse.Records;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// Turns a Messages stream into one of Chat Completions.
///
/// Each part that completes an event gives one part, in whole records. The stream ends once: with
/// `[DONE]` after `message_stop`, or with an error record where the provider told of an error. One
/// that breaks off has no end; that is for others to tell.
public final class MessagesToChatStream implements ReplyReader {
  /// A chunk repeats more than an event does.
  private static final int GROWTH = 3;

  private final MessagesToChatEvents events;
  private final RecordSplitter splitter = new RecordSplitter();
  private final Records records = new Follower();
  private @Nullable ByteBufAllocator allocator;
  private @Nullable ByteBuf out;
  private int expectedBytes;

  /// A translator of an answer of `model`, as the caller is to be told its name, begun at
  /// `createdSeconds` since 1970. With `includeUsage` the last chunk tells usage.
  public MessagesToChatStream(String model, long createdSeconds, boolean includeUsage) {
    events = new MessagesToChatEvents(new ChatChunks(model, createdSeconds, includeUsage));
  }

  @Override
  public void read(ByteBuf part, PartSink sink) {
    allocator = part.alloc();
    expectedBytes = part.readableBytes() * GROWTH;
    try {
      splitter.split(part, records);
    } finally {
      part.release();
    }
    give(sink);
  }

  @Override
  public void finish(PartSink sink) {
    splitter.finish(records);
    give(sink);
  }

  @Override
  public boolean isComplete() {
    return events.isComplete();
  }

  @Override
  public boolean hasContent() {
    return events.hasContent();
  }

  @Override
  public boolean hasError() {
    return events.hasError();
  }

  @Override
  public Usage usage() {
    return events.usage();
  }

  @Override
  public Billing billing() {
    return events.billing();
  }

  @Override
  public UsageSource usageSource() {
    return events.usageSource();
  }

  @Override
  public void release() {
    splitter.release();
    if (out != null) {
      out.release();
      out = null;
    }
  }

  private void give(PartSink sink) {
    ByteBuf whole = out;
    out = null;
    if (whole == null) {
      return;
    }
    if (whole.isReadable()) {
      sink.part(whole);
    } else {
      whole.release();
    }
  }

  private ByteBuf out(ByteBufAllocator allocator) {
    ByteBuf target = out;
    if (target == null) {
      target = allocator.buffer(expectedBytes);
      out = target;
    }
    return target;
  }

  private final class Follower implements Records {

    @Override
    public void record(RecordSplitter record) {
      if (!record.hasData() || events.isEnded() || allocator == null) {
        return;
      }
      events.read(record, out(allocator));
    }

    @Override
    public void repeated(byte[] bytes, int from, int to) {
      if (!events.isEnded() && allocator != null) {
        events.repeat(out(allocator), bytes, from, to);
      }
    }

    @Override
    public void lateLineFeed(int partIndex) {
      // Records are written anew.
    }
  }
}
