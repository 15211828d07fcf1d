package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.api.ProviderApi;
import io.llmproxy.provider.price.Rates;
import io.llmproxy.provider.wire.Dialect;
import io.llmproxy.provider.wire.ErrorBody;
import io.llmproxy.provider.wire.ProviderError;
import io.llmproxy.provider.wire.WireError;
import io.llmproxy.proxy.exchange.Setback.Refusal;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.Names;
import io.llmproxy.proxy.http.ReplyHead;
import io.llmproxy.proxy.http.ReplyWriter;
import io.llmproxy.proxy.limit.Scope;
import io.llmproxy.proxy.route.Target;
import io.llmproxy.proxy.upstream.UpstreamHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the caller is answered: heads with the proxy's own fields, errors in the caller's dialect.
final class Answer {

  private static final AsciiString BEAT = AsciiString.cached(": still on its way\n\n");
  private static final AsciiString RECORD_END = AsciiString.cached("\n\n");

  private final ReplyWriter writer;
  private final AsciiString id;
  private final Timing timing;
  private final long heartbeatNanos;
  private Dialect dialect;
  private @Nullable Target target;
  private @Nullable AsciiString allowed;
  private @Nullable Scope limits;
  private @Nullable String code;
  private int status;
  private boolean eventStream;
  private boolean repeated;

  /// @param heartbeat how long a caller of a stream hears nothing at most; zero for as long as it
  ///   takes
  Answer(ReplyWriter writer, AsciiString id, Dialect dialect, Timing timing, Duration heartbeat) {
    this.writer = writer;
    this.id = id;
    this.dialect = dialect;
    this.timing = timing;
    this.heartbeatNanos = heartbeat.toNanos();
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

  /// The limits that the caller is told of; null for none of ours, then the provider's.
  void limits(@Nullable Scope scope) {
    limits = scope;
  }

  void allow(AsciiString methods) {
    allowed = methods;
  }

  /// Targets were asked again on the caller's behalf: it need not do so itself.
  void repeated(boolean again) {
    repeated = again;
  }

  /// The code of the provider's error that the caller was told; null for none.
  @Nullable String code() {
    return code;
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
    write(withUpstream(asStream(head), upstream, record), false);
  }

  private ReplyHead asStream(ReplyHead head) {
    if (eventStream) {
      head.add(Names.CACHE_CONTROL, Names.NO_CACHE).add(Names.X_ACCEL_BUFFERING, Names.NO);
    }
    return head;
  }

  /// Writes a comment, which clients pass over, where the caller of a stream has heard nothing for
  /// long; before that the head, if need be, and so the promise of a success.
  void beat(long nowNanos, ExchangeRecord record) {
    long silence = nowNanos - Math.max(timing.lastProgress, timing.lastBeat);
    boolean streams = isBegun() ? eventStream : record.streamed;
    if (heartbeatNanos == 0 || !streams || silence < heartbeatNanos) {
      return;
    }
    timing.lastBeat = nowNanos;
    if (!isBegun()) {
      eventStream = true;
      write(asStream(new ReplyHead(200, Names.EVENT_STREAM, ReplyHead.UNKNOWN_LENGTH)), false);
    }
    writer.part(Unpooled.wrappedBuffer(BEAT.array()), false);
    writer.flush();
  }

  /// A reply that has been gathered whole; a stream only where its provider sent none.
  void whole(HeldReply reply, ExchangeRecord record) {
    if (isBegun()) {
      reply.giveTo(part -> writer.part(part, false));
      writer.end();
      return;
    }
    UpstreamHead upstream = reply.head();
    eventStream = upstream.isEventStream();
    ReplyHead head = new ReplyHead(upstream.status(), upstream.contentType(), reply.bytes());
    long cost = record.costNanoUsd();
    if (cost != Rates.UNKNOWN) {
      head.add(Names.COST_USD, dollars(cost));
    }
    boolean last = reply.bytes() == 0;
    write(withUpstream(asStream(head), upstream, record), last);
    reply.giveTo(part -> writer.part(part, false));
    if (!last) {
      writer.end();
    }
  }

  /// A provider's refusal: its very bytes, where they are what the caller's clients expect; else an
  /// error in the caller's dialect. A key of ours that the provider does not take is no fault of
  /// the caller's.
  void refusal(Refusal refusal, ExchangeRecord record) {
    UpstreamHead upstream = refusal.head();
    ByteBuf bytes = refusal.error();
    ProviderError error = refusal.said();
    if (isBegun()) {
      WireError wire = error.toWireError(dialect, record.provider(), id.toString());
      code = wire.code();
      writer.part(ErrorBody.record(ByteBufAllocator.DEFAULT, dialect, wire), false);
      writer.abort();
      return;
    }
    ProviderApi api = record.target().providerModel().api();
    boolean passedOn =
        upstream.isJson()
            && upstream.status() >= 400
            && error.kind() != ProviderError.Kind.KEY_REJECTED
            && api.tellsErrorsAs(dialect);
    if (!passedOn) {
      error(upstream, error, record);
      return;
    }
    code = error.toWireError(dialect, record.provider(), id.toString()).code();
    ReplyHead head =
        new ReplyHead(upstream.status(), upstream.contentType(), bytes.readableBytes());
    boolean last = !bytes.isReadable();
    write(withUpstream(head, upstream, record), last);
    if (!last) {
      writer.part(bytes.retainedSlice(), false);
      writer.end();
    }
  }

  /// A provider's error in the caller's dialect.
  private void error(UpstreamHead upstream, ProviderError error, ExchangeRecord record) {
    WireError wire = error.toWireError(dialect, record.provider(), id.toString());
    ByteBuf body = ErrorBody.json(ByteBufAllocator.DEFAULT, dialect, wire);
    ReplyHead head = new ReplyHead(wire.status(), Names.JSON, body.readableBytes());
    if (error.isFinalForCaller() && !repeated) {
      head.add(Names.X_SHOULD_RETRY, Names.FALSE);
    }
    write(withUpstream(head, upstream, record), false);
    writer.part(body, false);
    writer.end();
    code = wire.code();
  }

  /// How many tokens a request has by our own estimate; `body` is taken.
  void estimate(ByteBuf body) {
    ReplyHead head = new ReplyHead(200, Names.JSON, body.readableBytes());
    write(head.add(Names.TOKEN_COUNT, Names.ESTIMATED), false);
    writer.part(body, false);
    writer.end();
  }

  /// Ends a reply that was relayed; a stream's cost is known only now.
  void end(ExchangeRecord record) {
    long cost = record.costNanoUsd();
    if (eventStream && cost != Rates.UNKNOWN) {
      writer.end(Names.COST_USD, dollars(cost));
    } else {
      writer.end();
    }
  }

  private static AsciiString dollars(long nanoUsd) {
    return AsciiString.of(BigDecimal.valueOf(nanoUsd, 9).toPlainString());
  }

  private ReplyHead withUpstream(ReplyHead head, UpstreamHead upstream, ExchangeRecord record) {
    List<AsciiString> forwarded = upstream.forwarded();
    for (int i = 0; i < forwarded.size(); i += 2) {
      if (isForwarded(forwarded.get(i))) {
        head.add(forwarded.get(i), forwarded.get(i + 1));
      }
    }
    AsciiString upstreamId = upstream.requestId();
    if (upstreamId != null) {
      head.add(Names.UPSTREAM_REQUEST_ID, upstreamId);
    }
    if (!record.dropped.isEmpty()) {
      head.add(Names.DROPPED, DroppedFields.shown(record.dropped));
    }
    if (record.maxOutput > 0) {
      head.add(Names.MAX_TOKENS, AsciiString.of(Long.toString(record.maxOutput)));
    }
    return head.add(Names.ATTEMPTS, AsciiString.of(Integer.toString(record.attempts)));
  }

  private boolean isForwarded(AsciiString name) {
    return !(repeated && name.equals(Names.X_SHOULD_RETRY))
        && !(limits != null && RateFields.has(name));
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
  ///
  /// @param attempts how many were made
  void error(Failure failure, int attempts) {
    FailureKind kind = failure.kind();
    ByteBuf body = ErrorBody.json(ByteBufAllocator.DEFAULT, dialect, wireError(failure));
    ReplyHead head = new ReplyHead(kind.status(), Names.JSON, body.readableBytes());
    if (allowed != null) {
      head.add(Names.ALLOW, allowed);
    }
    if (failure.retryAfterMillis() >= 0) {
      long seconds = Math.ceilDiv(failure.retryAfterMillis(), 1000L);
      head.add(Names.RETRY_AFTER, AsciiString.of(Long.toString(seconds)));
    }
    if (attempts > 0) {
      head.add(Names.ATTEMPTS, AsciiString.of(Integer.toString(attempts)));
    }
    if (failure.isFinal() && !repeated) {
      head.add(Names.X_SHOULD_RETRY, Names.FALSE);
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
    if (repeated) {
      head.add(Names.X_SHOULD_RETRY, Names.FALSE);
    }
    timing.headWritten = System.nanoTime();
    head.add(Names.X_REQUEST_ID, id);
    if (dialect == Dialect.ANTHROPIC_MESSAGES) {
      head.add(Names.REQUEST_ID, id);
    }
    if (target != null) {
      head.add(Names.PROVIDER, AsciiString.of(target.provider()));
      head.add(Names.MODEL, AsciiString.of(Printable.of(target.model())));
    }
    if (limits != null) {
      RateFields.add(head, limits, timing.headWritten);
    }
    head.add(Names.OVERHEAD_US, AsciiString.of(Long.toString(timing.overheadNanos() / 1000)));
    writer.head(head, last);
  }
}
