package io.llmproxy.client;

import io.llmproxy.provider.resume.ResumableStream;
import io.llmproxy.provider.wire.Dialect;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Delivers a stream's events. What comes before the first content is held back, so that a try that
/// fails before it is never seen; with [Resume#AGREED_PREFIX] a later try goes on where an earlier
/// one broke.
final class StreamReception implements Reception {

  private final Dialect dialect;
  private final Resume resume;
  private final EventFlow flow;
  private final List<ChatEvent> held = new ArrayList<>();
  private EventReader reader;
  private @Nullable ResumableStream resumable;
  private boolean delivered;

  StreamReception(Dialect dialect, Resume resume, EventFlow flow) {
    this.dialect = dialect;
    this.resume = resume;
    this.flow = flow;
    this.reader = new EventReader(dialect, this::take);
  }

  private void take(ChatEvent event) {
    if (!delivered && event.isContent()) {
      delivered = true;
      held.forEach(flow::offer);
      held.clear();
    }
    if (delivered) {
      flow.offer(event);
    } else {
      held.add(event);
    }
  }

  @Override
  public void begin() {
    if (delivered && resumable != null) {
      resumable.restart(false);
      return;
    }
    held.clear();
    release();
    reader = new EventReader(dialect, this::take);
    resumable =
        resume == Resume.OFF ? null : new ResumableStream(dialect, ByteBufAllocator.DEFAULT);
  }

  private void release() {
    reader.release();
    if (resumable != null) {
      resumable.release();
    }
  }

  @Override
  public Fault part(ByteBuf part) {
    if (resumable == null) {
      reader.read(part);
    } else {
      resumable.read(part, reader::read);
    }
    return fault();
  }

  private Fault fault() {
    byte[] error = reader.error();
    if (error != null) {
      return new Fault("an error was told in the middle of the stream", error, false);
    }
    if (reader.isMalformed() || (resumable != null && resumable.hasFailed())) {
      return Fault.of("the stream told an error, or what cannot be read");
    }
    if (resumable != null && resumable.hasDisagreed()) {
      return new Fault("another try told another answer", new byte[0], true);
    }
    return Fault.NONE;
  }

  @Override
  public Fault end(ReplyInfo info) {
    if (resumable == null) {
      reader.finish();
    }
    Fault fault = fault();
    String last = reader.lastRecord();
    if (!fault.isNone()) {
      return fault;
    }
    if (last == null) {
      return Fault.of("the stream ended without saying that it was whole");
    }
    held.forEach(flow::offer);
    held.clear();
    release();
    flow.offer(new ChatEvent.End(info, last));
    flow.end();
    return Fault.NONE;
  }

  @Override
  public boolean isWholeWhenLost() {
    return reader.lastRecord() != null;
  }

  @Override
  public boolean hasDelivered() {
    return delivered;
  }

  @Override
  public boolean isResumable() {
    return resumable != null && resumable.isResumable();
  }

  @Override
  public void fail(LlmException exception) {
    release();
    flow.fail(exception);
  }
}
