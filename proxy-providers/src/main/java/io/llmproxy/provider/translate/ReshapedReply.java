package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// A reply whose provider answered by JSON though it was asked for a stream, or the reverse: its
/// caller is given the shape that it asked for.
///
/// All is given at the end, and nothing of a reply that is not whole. Of one that tells of an
/// error, the error may be given, as JSON in either case: it is read by whoever tells the caller.
public final class ReshapedReply implements ReplyReader {
  /// The most that is held of a reply, in bytes.
  public static final int LONGEST = ChatToMessagesJson.LONGEST;

  private static final byte[] TOO_LONG =
      ("{\"error\":{\"message\":\"the provider's reply is longer than can be held, as it must be to"
              + " be given in the shape that was asked for\",\"type\":\"server_error\"}}")
          .getBytes(US_ASCII);

  private final ReplyReader reader;
  private final Shape shape;
  private final ByteBufAllocator allocator;
  private boolean given;

  private ReshapedReply(ReplyReader reader, Shape shape, ByteBufAllocator allocator) {
    this.reader = reader;
    this.shape = shape;
    this.allocator = allocator;
  }

  /// The stream that a caller of `operation` asked for, made of the JSON that `reader`, which is
  /// taken, gives; one of Chat Completions tells usage if `tellUsage`.
  public static ReplyReader stream(
      ReplyReader reader, Operation operation, boolean tellUsage, ByteBufAllocator allocator) {
    Unfold unfold =
        switch (operation) {
          case CHAT_COMPLETIONS -> new ChatUnfold(tellUsage);
          case MESSAGES -> new MessagesUnfold();
          case RESPONSES -> new ResponsesUnfold();
          case EMBEDDINGS, COUNT_TOKENS -> throw new IllegalStateException(operation.toString());
        };
    return new ReshapedReply(reader, new HeldJson(unfold, allocator), allocator);
  }

  /// The JSON that a caller of `operation` asked for, made of the stream that `reader`, which is
  /// taken, gives; it must tell usage.
  public static ReplyReader json(
      ReplyReader reader, Operation operation, ByteBufAllocator allocator) {
    Room room = new Room(LONGEST);
    Fold fold =
        switch (operation) {
          case CHAT_COMPLETIONS -> new ChatFold(room);
          case MESSAGES -> new MessagesFold(room);
          case RESPONSES -> new ResponsesFold(room);
          case EMBEDDINGS, COUNT_TOKENS -> throw new IllegalStateException(operation.toString());
        };
    return new ReshapedReply(reader, new HeldStream(fold, room), allocator);
  }

  @Override
  public void read(ByteBuf part, PartSink sink) {
    reader.read(part, shape);
  }

  @Override
  public void finish(PartSink sink) {
    reader.finish(shape);
    ByteBuf out = result();
    if (out != null) {
      sink.part(out);
    }
  }

  private @Nullable ByteBuf result() {
    if (shape.isOverflown()) {
      return allocator.buffer(TOO_LONG.length).writeBytes(TOO_LONG);
    }
    if (reader.hasError()) {
      return shape.error(allocator);
    }
    ByteBuf whole = reader.isComplete() ? shape.whole(allocator) : null;
    given = whole != null;
    return whole;
  }

  /// Known at the end only.
  @Override
  public boolean isComplete() {
    return given;
  }

  @Override
  public boolean hasContent() {
    return reader.hasContent();
  }

  /// Also whether the reply is too long to be held, which no end can mend.
  @Override
  public boolean hasError() {
    return reader.hasError() || shape.isOverflown();
  }

  @Override
  public Usage usage() {
    return reader.usage();
  }

  @Override
  public UsageSource usageSource() {
    return reader.usageSource();
  }

  @Override
  public Billing billing() {
    return reader.billing();
  }

  @Override
  public void release() {
    reader.release();
    shape.release();
  }
}
