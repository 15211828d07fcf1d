package io.llmproxy.provider.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.json.ObjectFollower;
import io.llmproxy.provider.usage.ResponsesUsage;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;

/// Follows a reply of Responses that is one JSON object and goes on as it came.
///
/// Without usage, a quarter of the bytes of `output` stands for the tokens of the answer.
public final class ResponsesJsonReader implements ReplyReader {
  private static final int USAGE = 0;
  private static final int ERROR = 1;
  private static final int STATUS = 2;
  private static final int SERVICE_TIER = 3;
  private static final byte[] FAILED = "failed".getBytes(US_ASCII);

  /// No item is written in fewer bytes; an array of none is, whatever white space it has.
  private static final int SHORTEST_OUTPUT = 12;

  private final ObjectFollower object =
      new ObjectFollower("output", "usage", "error", "status", "service_tier");
  private final ResponsesUsage usage = new ResponsesUsage();
  private boolean ended;
  private boolean failed;

  @Override
  public void read(ByteBuf part, PartSink sink) {
    if (!part.isReadable()) {
      part.release();
      return;
    }
    object.read(part);
    if (object.isClosed() && !ended) {
      ended = true;
      conclude();
    }
    sink.part(part);
  }

  @Override
  public void finish(PartSink sink) {
    // Nothing is held back.
  }

  @Override
  public boolean isComplete() {
    return object.isClosed() && !hasError();
  }

  @Override
  public boolean hasContent() {
    return object.contentBytes() >= SHORTEST_OUTPUT;
  }

  @Override
  public boolean hasError() {
    return failed || object.isPresent(ERROR);
  }

  @Override
  public Usage usage() {
    return usage.isReported()
        ? usage.usage()
        : Usage.NONE.plusOutput(hasContent() ? object.contentBytes() / 4 : 0);
  }

  @Override
  public Billing billing() {
    return usage.billing();
  }

  @Override
  public UsageSource usageSource() {
    return usage.isReported() ? UsageSource.REPORTED : UsageSource.ESTIMATED;
  }

  @Override
  public void release() {
    // Nothing is held back.
  }

  private void conclude() {
    JsonCursor cursor = new JsonCursor();
    object.open(USAGE, cursor);
    usage.read(cursor);
    object.open(SERVICE_TIER, cursor);
    usage.readTier(cursor);
    object.open(STATUS, cursor);
    failed = cursor.readString() && cursor.is(FAILED);
  }
}
