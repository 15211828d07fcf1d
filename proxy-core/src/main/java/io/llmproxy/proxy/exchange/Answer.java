package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.wire.Dialect;
import io.llmproxy.provider.wire.ErrorBody;
import io.llmproxy.provider.wire.WireError;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.Names;
import io.llmproxy.proxy.http.ReplyHead;
import io.llmproxy.proxy.http.ReplyWriter;
import io.llmproxy.proxy.route.Target;
import io.llmproxy.proxy.upstream.UpstreamHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the caller is answered: heads with the proxy's own fields, errors in the caller's dialect.
final class Answer {

  private static final AsciiString RECORD_END = AsciiString.cached("\n\n");

  private final ReplyWriter writer;
  private final AsciiString id;
  private final Timing timing;
  private Dialect dialect;
  private @Nullable Target target;
  private @Nullable AsciiString allowed;
  private int status;
  private boolean eventStream;

  Answer(ReplyWriter writer, AsciiString id, Dialect dialect, Timing timing) {
    this.writer = writer;
    this.id = id;
    this.dialect = dialect;
    this.timing = timing;
  }

  ReplyWriter writer() {
    return writer;
  }

  void dialect(Dialect dialect) {
    this.dialect = dialect;
  }

  void target(Target target) {
    this.target = target;
  }

  void allow(AsciiString methods) {
    allowed = methods;
  }

  /// 0 before the head was written.
  int status() {
    return status;
  }

  boolean isBegun() {
    return status != 0;
  }

  boolean isEventStream() {
    return eventStream;
  }

  /// The head of a reply that is relayed.
  void head(UpstreamHead upstream, ExchangeRecord record) {
    eventStream = upstream.isEventStream();
    long length = eventStream ? ReplyHead.UNKNOWN_LENGTH : upstream.bodyBytes();
    ReplyHead head = new ReplyHead(upstream.status(), upstream.contentType(), length);
    if (eventStream) {
      head.add(Names.CACHE_CONTROL, Names.NO_CACHE).add(Names.X_ACCEL_BUFFERING, Names.NO);
    }
    write(withUpstream(head, upstream, record), false);
  }

  /// A provider's refusal: its JSON as it is, where it is about the caller's request; else an error
  /// of ours. A key of ours that the provider does not take is no fault of the caller's.
  void refusal(UpstreamHead upstream, ByteBuf error, ExchangeRecord record) {
    boolean ours = upstream.status() == 401 || upstream.status() == 403 || upstream.status() < 400;
    if (ours || !upstream.isJson()) {
      int said = upstream.status();
      error(
          new Failure(
              FailureKind.UPSTREAM_REFUSED_US,
              "provider "
                  + record.provider()
                  + " answered with status "
                  + said
                  + (said == 401 || said == 403
                      ? ": it does not take the key configured for it"
                      : "")));
      return;
    }
    ReplyHead head =
        new ReplyHead(upstream.status(), upstream.contentType(), error.readableBytes());
    write(withUpstream(head, upstream, record), false);
    writer.part(error.retainedSlice(), false);
    writer.end();
  }

  private ReplyHead withUpstream(ReplyHead head, UpstreamHead upstream, ExchangeRecord record) {
    List<AsciiString> forwarded = upstream.forwarded();
    for (int i = 0; i < forwarded.size(); i += 2) {
      head.add(forwarded.get(i), forwarded.get(i + 1));
    }
    AsciiString upstreamId = upstream.requestId();
    if (upstreamId != null) {
      head.add(Names.UPSTREAM_REQUEST_ID, upstreamId);
    }
    return head.add(Names.ATTEMPTS, AsciiString.of(Integer.toString(record.attempts)));
  }

  /// An answer of the proxy's own.
  void local(int code, byte[] body, boolean json) {
    ReplyHead head = new ReplyHead(code, json ? Names.JSON : Names.TEXT, body.length);
    boolean last = body.length == 0;
    write(head, last);
    if (!last) {
      writer.part(Unpooled.wrappedBuffer(body), false);
      writer.end();
    }
  }

  /// An error before anything was sent.
  void error(Failure failure) {
    FailureKind kind = failure.kind();
    ByteBuf body = ErrorBody.json(ByteBufAllocator.DEFAULT, dialect, wireError(failure));
    ReplyHead head = new ReplyHead(kind.status(), Names.JSON, body.readableBytes());
    if (allowed != null) {
      head.add(Names.ALLOW, allowed);
    }
    write(head, false);
    writer.part(body, false);
    writer.end();
  }

  /// An error after the reply was begun: said in the stream, which is then cut so that nobody takes
  /// it for whole.
  void breakOff(Failure failure, boolean atRecordEnd) {
    if (eventStream) {
      if (!atRecordEnd) {
        writer.part(Unpooled.wrappedBuffer(RECORD_END.array()), false);
      }
      writer.part(ErrorBody.record(ByteBufAllocator.DEFAULT, dialect, wireError(failure)), false);
    }
    writer.abort();
  }

  private WireError wireError(Failure failure) {
    FailureKind kind = failure.kind();
    return new WireError(
        kind.status(), kind.type(), kind.code(), failure.message(), failure.param(), id.toString());
  }

  private void write(ReplyHead head, boolean last) {
    status = head.status();
    timing.headWritten = System.nanoTime();
    head.add(Names.X_REQUEST_ID, id);
    if (dialect == Dialect.ANTHROPIC_MESSAGES) {
      head.add(Names.REQUEST_ID, id);
    }
    if (target != null) {
      head.add(Names.PROVIDER, AsciiString.of(target.provider()));
      head.add(Names.MODEL, AsciiString.of(Printable.of(target.model())));
    }
    head.add(Names.OVERHEAD_US, AsciiString.of(Long.toString(timing.overheadNanos() / 1000)));
    writer.head(head, last);
  }
}
