package io.llmproxy.provider.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.sse.Records;
import io.llmproxy.provider.usage.ChatUsage;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.ContentMeter;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Follows a Chat Completions stream of OpenAI, GLM, Groq or Grok that goes on as it came.
///
/// Usage is taken from any chunk, the last one that says any wins. Asked to strip usage, because
/// the proxy and not the caller wanted it, it leaves the chunk out that `include_usage` adds, and
/// nothing else: the beginning of a record is then held back for as long as it may be that chunk.
public final class ChatStreamReader implements ReplyReader {
  private static final byte[] DONE = "[DONE]".getBytes(US_ASCII);
  private static final byte[] ERROR = "error".getBytes(US_ASCII);

  private final ChatUsage usage = new ChatUsage();
  private final ChatChunk chunk = new ChatChunk(usage);
  private final ContentMeter meter = new ContentMeter();
  private final RecordSplitter splitter = new RecordSplitter();
  private final Records records = new Follower();
  private final @Nullable UsageStrip strip;
  private boolean done;
  private boolean error;

  /// A reader that leaves the usage chunk out if `stripUsage`.
  public ChatStreamReader(boolean stripUsage) {
    strip = stripUsage ? new UsageStrip(splitter, chunk) : null;
  }

  @Override
  public void read(ByteBuf part, PartSink sink) {
    if (!part.isReadable()) {
      part.release();
      return;
    }
    splitter.split(part, records);
    if (strip == null) {
      sink.part(part);
    } else {
      strip.give(part, sink);
    }
  }

  @Override
  public void finish(PartSink sink) {
    splitter.finish(records);
    if (strip != null) {
      strip.finish(sink);
    }
  }

  @Override
  public boolean isComplete() {
    return done && !error;
  }

  @Override
  public boolean hasContent() {
    return meter.hasContent();
  }

  @Override
  public boolean hasError() {
    return error;
  }

  @Override
  public Usage usage() {
    return usage.usage().plusOutput(meter.estimatedTokens());
  }

  @Override
  public Billing billing() {
    return usage.billing();
  }

  @Override
  public UsageSource usageSource() {
    if (!usage.isReported()) {
      return UsageSource.ESTIMATED;
    }
    return meter.hasUnreported() ? UsageSource.PARTIAL : UsageSource.REPORTED;
  }

  @Override
  public void release() {
    splitter.release();
  }

  /// Whether the record told is the chunk that `include_usage` adds.
  private boolean follow(RecordSplitter record) {
    if (done || !record.hasData()) {
      return false;
    }
    if (isDone(record)) {
      end();
      return false;
    }
    chunk.read(record.data(), record.dataFrom(), record.dataTo());
    error |= chunk.hasError() || record.eventIs(ERROR);
    if (chunk.hasContent()) {
      meter.add(chunk.textBytes());
    }
    if (chunk.hasUsage()) {
      meter.reported();
    }
    if (chunk.isRepeatable()) {
      record.learn(chunk.text(), chunk.padding());
    }
    return chunk.isUsageOnly();
  }

  private void end() {
    done = true;
    if (strip != null) {
      strip.end();
    }
  }

  private static boolean isDone(RecordSplitter record) {
    byte[] data = record.data();
    int to = record.dataTo();
    while (to > record.dataFrom() && (data[to - 1] == ' ' || data[to - 1] == '\t')) {
      to--;
    }
    return Arrays.equals(data, record.dataFrom(), to, DONE, 0, DONE.length);
  }

  private final class Follower implements Records {

    @Override
    public void record(RecordSplitter record) {
      boolean usageOnly = follow(record);
      if (strip != null) {
        strip.recordEnded(usageOnly);
      }
    }

    @Override
    public void repeated(byte[] bytes, int from, int to) {
      if (to > from && !done) {
        meter.add(to - from);
      }
    }

    @Override
    public void lateLineFeed(int partIndex) {
      if (strip != null) {
        strip.lateLineFeed(partIndex);
      }
    }
  }
}
