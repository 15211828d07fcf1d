package io.llmproxy.provider.anthropic;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.json.ObjectFollower;
import io.llmproxy.provider.usage.MessagesUsage;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;

/// Follows a reply of Messages, or of its token count, that is one JSON object and goes on as it
/// came.
///
/// Without usage, a quarter of the bytes of `content` stands for the output. Counting tokens uses
/// none.
public final class MessagesJsonReader implements ReplyReader {
  private static final int USAGE = 0;
  private static final int ERROR = 1;

  private final ObjectFollower object;
  private final boolean generates;
  private final MessagesUsage usage = new MessagesUsage();
  private boolean usageRead;

  private MessagesJsonReader(String content, boolean generates) {
    this.object = new ObjectFollower(content, "usage", "error");
    this.generates = generates;
  }

  /// A reader of a message.
  public static MessagesJsonReader ofMessage() {
    return new MessagesJsonReader("content", true);
  }

  /// A reader of what `count_tokens` answers.
  public static MessagesJsonReader ofTokenCount() {
    return new MessagesJsonReader("input_tokens", false);
  }

  @Override
  public void read(ByteBuf part, PartSink sink) {
    if (!part.isReadable()) {
      part.release();
      return;
    }
    object.read(part);
    if (generates && object.isClosed() && !usageRead) {
      usageRead = true;
      JsonCursor cursor = new JsonCursor();
      object.open(USAGE, cursor);
      usage.read(cursor);
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
    return object.hasContent();
  }

  @Override
  public boolean hasError() {
    return object.isPresent(ERROR);
  }

  @Override
  public Usage usage() {
    boolean estimated = generates && !usage.isReported();
    return usage.usage(estimated ? object.contentBytes() / 4 : 0);
  }

  @Override
  public Billing billing() {
    return usage.billing();
  }

  @Override
  public UsageSource usageSource() {
    return generates && !usage.isReported() ? UsageSource.ESTIMATED : UsageSource.REPORTED;
  }

  @Override
  public void release() {
    // Nothing is held back.
  }
}
