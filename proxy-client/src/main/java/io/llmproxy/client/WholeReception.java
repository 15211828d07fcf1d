package io.llmproxy.client;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Gathers a reply and reads it whole: nothing of it is delivered before.
final class WholeReception<T> implements Reception {

  private static final int MOST_BYTES = 32 << 20;
  private static final Fault TOO_LONG =
      new Fault("the answer is longer than 32 MiB", new byte[0], true);

  /// Makes the answer of a body; null where it is none.
  @FunctionalInterface
  interface Reader<T> {
    @Nullable T read(byte[] body, ReplyInfo info);
  }

  private final Reader<T> reader;
  private final CompletableFuture<T> future;
  private final Executor executor;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  /// @param executor completes `future`, so that what depends on it is not run on the event loop
  WholeReception(Reader<T> reader, CompletableFuture<T> future, Executor executor) {
    this.reader = reader;
    this.future = future;
    this.executor = executor;
  }

  @Override
  public void begin() {
    body.reset();
  }

  @Override
  public Fault part(ByteBuf part) {
    byte[] bytes = new byte[part.readableBytes()];
    part.readBytes(bytes);
    part.release();
    body.writeBytes(bytes);
    return body.size() > MOST_BYTES ? TOO_LONG : Fault.NONE;
  }

  @Override
  public Fault end(ReplyInfo info) {
    T answer = reader.read(body.toByteArray(), info);
    if (answer == null) {
      return Fault.of("the reply is not the whole answer it is to be");
    }
    executor.execute(() -> future.complete(answer));
    return Fault.NONE;
  }

  @Override
  public boolean isWholeWhenLost() {
    return false;
  }

  @Override
  public boolean hasDelivered() {
    return false;
  }

  @Override
  public boolean isResumable() {
    return false;
  }

  @Override
  public void fail(LlmException exception) {
    executor.execute(() -> future.completeExceptionally(exception));
  }
}
