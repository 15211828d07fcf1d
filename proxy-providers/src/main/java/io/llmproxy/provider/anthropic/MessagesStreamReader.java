package io.llmproxy.provider.anthropic;

import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.sse.Records;
import io.llmproxy.provider.usage.MessagesUsage;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.ContentMeter;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;

/// Follows a Messages stream that goes on as it came, but that events without a name get the one of
/// their type: clients pass over an event that has none.
///
/// The input is known from `message_start`, the output from the last `message_delta`; a stream cut
/// before that has partial usage.
public final class MessagesStreamReader implements ReplyReader {
  private final MessagesUsage usage = new MessagesUsage();
  private final MessagesEvent event = new MessagesEvent(usage);
  private final ContentMeter meter = new ContentMeter();
  private final RecordSplitter splitter = new RecordSplitter();
  private final Records records = new Follower();
  private final EventNames names = new EventNames();
  private boolean outputReported;
  private boolean stopped;
  private boolean error;

  @Override
  public void read(ByteBuf part, PartSink sink) {
    if (!part.isReadable()) {
      part.release();
      return;
    }
    splitter.split(part, records);
    sink.part(names.addTo(part));
  }

  @Override
  public void finish(PartSink sink) {
    splitter.finish(records);
  }

  @Override
  public boolean isComplete() {
    return stopped && !error;
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
    long estimated = meter.estimatedTokens();
    // What message_start says of the output is a placeholder that the content soon exceeds.
    return usage.usage(outputReported ? estimated : Math.max(0, estimated - usage.output()));
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
    boolean whole = outputReported && !meter.hasUnreported();
    return whole ? UsageSource.REPORTED : UsageSource.PARTIAL;
  }

  @Override
  public void release() {
    splitter.release();
  }

  private final class Follower implements Records {

    @Override
    public void record(RecordSplitter record) {
      if (stopped || !record.hasData()) {
        return;
      }
      event.read(record);
      if (event.hasContent()) {
        meter.add(event.textBytes());
      }
      if (event.hasOutputTokens()) {
        outputReported = true;
        meter.reported();
      }
      stopped |= event.kind() == MessagesEvent.Kind.MESSAGE_STOP;
      error |= event.kind() == MessagesEvent.Kind.ERROR;
      if (!record.hasEvent()) {
        names.add(event.type(), record.endIndex());
      } else if (event.isRepeatable()) {
        record.learn(event.text(), event.padding());
      }
    }

    @Override
    public void repeated(byte[] bytes, int from, int to) {
      if (to > from && !stopped) {
        meter.add(to - from);
      }
    }

    @Override
    public void lateLineFeed(int partIndex) {
      // It goes on with the rest.
    }
  }
}
