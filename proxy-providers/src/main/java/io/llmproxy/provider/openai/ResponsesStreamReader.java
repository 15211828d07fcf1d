package io.llmproxy.provider.openai;

import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.sse.Records;
import io.llmproxy.provider.usage.ResponsesUsage;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.ContentMeter;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;

/// Follows a Responses stream of OpenAI, Groq or Grok that goes on as it came.
///
/// It is whole once `response.completed` or `response.incomplete` came, whose event also tells the
/// usage; an item that is done ends nothing.
public final class ResponsesStreamReader implements ReplyReader {
  private final ResponsesUsage usage = new ResponsesUsage();
  private final ContentMeter meter = new ContentMeter();
  private final ResponsesEvent event = new ResponsesEvent(usage, meter);
  private final RecordSplitter splitter = new RecordSplitter();
  private final Records records = new Follower();

  @Override
  public void read(ByteBuf part, PartSink sink) {
    if (!part.isReadable()) {
      part.release();
      return;
    }
    splitter.split(part, records);
    sink.part(part);
  }

  @Override
  public void finish(PartSink sink) {
    splitter.finish(records);
  }

  @Override
  public boolean isComplete() {
    return event.isComplete() && !event.hasError();
  }

  @Override
  public boolean hasContent() {
    return meter.hasContent();
  }

  @Override
  public boolean hasError() {
    return event.hasError();
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

  private final class Follower implements Records {

    @Override
    public void record(RecordSplitter record) {
      if (record.hasData() && !event.isComplete()) {
        event.read(record);
      }
    }

    @Override
    public void repeated(byte[] bytes, int from, int to) {
      throw new IllegalStateException("a record was repeated, but every event has its own number");
    }

    @Override
    public void lateLineFeed(int partIndex) {
      // Parts go on as they came.
    }
  }
}
