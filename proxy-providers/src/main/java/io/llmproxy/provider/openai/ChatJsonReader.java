package io.llmproxy.provider.openai;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.json.ObjectFollower;
import io.llmproxy.provider.usage.ChatUsage;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;

/// Follows a reply of Chat Completions or Embeddings that is one JSON object and goes on as it
/// came.
///
/// The object's structure is followed to its last brace, so that completeness and the place of
/// `usage` are facts and not guesses from the last bytes. Without usage, a quarter of the bytes of
/// `choices` stands for the output.
public final class ChatJsonReader implements ReplyReader {
  private static final int USAGE = 0;
  private static final int ERROR = 1;
  private static final int SERVICE_TIER = 2;

  private final ObjectFollower object;
  private final boolean generates;
  private final ChatUsage usage = new ChatUsage();
  private boolean usageRead;

  private ChatJsonReader(String content, boolean generates) {
    this.object = new ObjectFollower(content, "usage", "error", "service_tier");
    this.generates = generates;
  }

  /// A reader of a chat completion.
  public static ChatJsonReader ofChat() {
    return new ChatJsonReader("choices", true);
  }

  /// A reader of embeddings.
  public static ChatJsonReader ofEmbeddings() {
    return new ChatJsonReader("data", false);
  }

  @Override
  public void read(ByteBuf part, PartSink sink) {
    if (!part.isReadable()) {
      part.release();
      return;
    }
    object.read(part);
    if (object.isClosed() && !usageRead) {
      usageRead = true;
      JsonCursor cursor = new JsonCursor();
      object.open(USAGE, cursor);
      usage.read(cursor);
      object.open(SERVICE_TIER, cursor);
      usage.readTier(cursor);
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
    return estimated ? Usage.NONE.plusOutput(object.contentBytes() / 4) : usage.usage();
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
}
