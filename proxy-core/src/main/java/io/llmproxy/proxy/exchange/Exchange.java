package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.request.RequestFault;
import io.llmproxy.provider.translate.ReplyReaders;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.proxy.exchange.Phase.Answering;
import io.llmproxy.proxy.exchange.Phase.Closed;
import io.llmproxy.proxy.exchange.Phase.Reading;
import io.llmproxy.proxy.exchange.Phase.Refused;
import io.llmproxy.proxy.exchange.Phase.Relaying;
import io.llmproxy.proxy.exchange.Phase.Trying;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.HeaderName;
import io.llmproxy.proxy.http.ReplyWriter;
import io.llmproxy.proxy.http.RequestHead;
import io.llmproxy.proxy.observe.Outcome;
import io.llmproxy.proxy.relay.Relay;
import io.llmproxy.proxy.route.Target;
import io.llmproxy.proxy.upstream.ReplyListener;
import io.llmproxy.proxy.upstream.Upstream;
import io.llmproxy.proxy.upstream.UpstreamHead;
import io.llmproxy.proxy.upstream.UpstreamPool;
import io.llmproxy.proxy.upstream.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// One downstream request and its reply, whatever it takes. Lives on one event loop: told of the
/// caller by a listener, of the provider by an attempt, of time by the deadline sweep. Reported
/// exactly once.
public final class Exchange implements ReplyListener {

  private static final AsciiString IDENTITY = AsciiString.cached("identity");
  private static final int MOST_ERROR_BYTES = 64 << 10;

  private final ExchangeServices services;
  private final RequestHead head;
  private final Answer answer;
  private final ExchangeRecord record;
  private final Timing timing = new Timing();
  private Phase phase = new Answering();

  /// Place in the list of the deadline sweep.
  int sweepIndex;

  Exchange(ExchangeServices services, RequestHead head, ReplyWriter writer) {
    AsciiString id = services.ids().of(head);
    this.services = services;
    this.head = head;
    this.record = new ExchangeRecord(id, head.peer());
    this.answer = new Answer(writer, id, Endpoint.dialect(head), timing);
  }

  void begin() {
    services.observer().onExchangeStart();
    services.deadlines().add(this);
    switch (Endpoint.of(head)) {
      case Endpoint.Ask(Operation operation) -> beginReading(operation);
      case Endpoint.Models(String id) -> answerModels(id);
      case Endpoint.Health _ ->
          answerJson(services.local().isDraining() ? 503 : 200, services.local().health());
      case Endpoint.Metrics _ -> answerMetrics();
      case Endpoint.Presence _ -> answerJson(200, new byte[0]);
      case Endpoint.WrongMethod(AsciiString allowed) -> {
        answer.allow(allowed);
        fail(Failures.wrongMethod(head, allowed));
      }
      case Endpoint.Unknown _ -> fail(Failures.unknownUrl(head));
    }
  }

  /// Ends at once with a failure that was found before the head could be read.
  void refuse(Failure failure) {
    services.observer().onExchangeStart();
    services.deadlines().add(this);
    fail(failure);
  }

  private void beginReading(Operation operation) {
    record.operation = operation;
    answer.dialect(operation.dialect());
    AsciiString encoding = head.get(HeaderName.CONTENT_ENCODING);
    long length = head.contentLength();
    if (encoding != null && !encoding.contentEqualsIgnoreCase(IDENTITY)) {
      fail(Failures.encodedBody(encoding));
    } else if (length > services.limits().maxBody()) {
      fail(Failures.tooLarge(services.limits().maxBody()));
    } else {
      phase = new Reading(operation, RequestBody.of(operation));
    }
  }

  /// Whether bytes of the request's body still matter.
  public boolean wantsBody() {
    return phase instanceof Reading;
  }

  /// Takes the next bytes of the request's body.
  public void body(ByteBuf part) {
    timing.lastProgress = System.nanoTime();
    record.requestBytes += part.readableBytes();
    if (!(phase instanceof Reading(_, RequestBody body))) {
      part.release();
    } else if (body.length() + part.readableBytes() > services.limits().maxBody()) {
      part.release();
      fail(Failures.tooLarge(services.limits().maxBody()));
    } else {
      body.add(part);
    }
  }

  /// The request's body is whole.
  public void bodyEnd() {
    if (!(phase instanceof Reading(Operation operation, RequestBody body))) {
      return;
    }
    timing.bodyRead = System.nanoTime();
    timing.lastProgress = timing.bodyRead;
    RequestFault fault = body.finish();
    if (fault != null) {
      fail(Failures.of(fault));
      return;
    }
    record.requestModel = body.model();
    record.streamed = body.isStreamed();
    Target target = services.routes().find(body.model());
    if (target == null) {
      fail(Failures.unknownModel(body.model()));
      return;
    }
    attempt(operation, body, target);
  }

  private void attempt(Operation operation, RequestBody body, Target target) {
    UpstreamPool pool = services.pools().get(target.upstream());
    Upstream upstream = pool.upstream();
    record.target(target);
    answer.target(target);
    if (!upstream.speaks(operation)) {
      fail(Failures.otherDialect(body.model(), target, upstream.dialect()));
      return;
    }
    record.asksUsage =
        operation == Operation.CHAT_COMPLETIONS
            && upstream.asksForUsage()
            && body.isStreamed()
            && !body.asksForUsage();
    String model = target.model().equals(body.model()) ? null : target.model();
    AsciiString path = upstream.paths().get(operation);
    UpstreamRequest request =
        new UpstreamRequest(
            path == null ? AsciiString.EMPTY_STRING : path,
            UpstreamFields.of(upstream, head, body.isStreamed(), record.id),
            body.splice(model, record.asksUsage));
    record.attempts++;
    phase = new Trying(body, pool.start(request, this));
    timing.sent = System.nanoTime();
    timing.lastProgress = timing.sent;
  }

  @Override
  public void onHead(UpstreamHead upstreamHead) {
    if (!(phase instanceof Trying(RequestBody body, var attempt))) {
      return;
    }
    timing.replyRead = System.nanoTime();
    timing.lastProgress = timing.replyRead;
    body.release();
    AsciiString encoding = upstreamHead.contentEncoding();
    if (!upstreamHead.isSuccess()) {
      phase = new Refused(attempt, upstreamHead, ByteBufAllocator.DEFAULT.buffer(1024));
    } else if (encoding != null && !encoding.contentEqualsIgnoreCase(IDENTITY)) {
      attempt.cancel();
      phase = new Answering();
      fail(Failures.compressed(record.provider()));
    } else {
      Relay relay =
          new Relay(
              ReplyReaders.spliced(operation(), upstreamHead.isEventStream(), record.asksUsage),
              answer.writer());
      phase = new Relaying(attempt, relay);
      answer.head(upstreamHead, record);
    }
  }

  @Override
  public void onPart(ByteBuf part, boolean exclusive) {
    switch (phase) {
      case Relaying(var attempt, Relay relay) -> {
        relay.read(part, exclusive, attempt);
        timing.lastProgress = System.nanoTime();
        if (timing.firstContent == 0 && relay.reader().hasContent()) {
          timing.firstContent = timing.lastProgress;
        }
      }
      case Refused(_, _, ByteBuf error) -> {
        int room = MOST_ERROR_BYTES - error.readableBytes();
        error.writeBytes(part, Math.min(room, part.readableBytes()));
        part.release();
      }
      case Reading _, Trying _, Answering _, Closed _ -> part.release();
    }
  }

  @Override
  public void onEnd() {
    switch (phase) {
      case Relaying(_, Relay relay) -> endRelay(relay);
      case Refused(_, UpstreamHead upstreamHead, ByteBuf error) -> {
        answer.refusal(upstreamHead, error, record);
        close(Outcome.COMPLETED, null);
      }
      case Reading _, Trying _, Answering _, Closed _ -> {}
    }
  }

  private void endRelay(Relay relay) {
    relay.finish();
    boolean whole = relay.reader().isComplete() && !relay.reader().hasError();
    if (whole || !answer.isEventStream()) {
      answer.writer().end();
      close(Outcome.COMPLETED, null);
    } else if (relay.reader().hasError()) {
      // The provider's own error record has been passed on; a clean end would contradict it.
      answer.writer().abort();
      close(Outcome.FAILED, FailureKind.UPSTREAM_CUT);
    } else {
      fail(Failures.unfinished(record.provider()));
    }
  }

  @Override
  public void onBatchEnd() {
    answer.writer().flush();
  }

  @Override
  public void onFailure(Failure failure) {
    if (phase instanceof Relaying(_, Relay relay)
        && answer.isEventStream()
        && relay.reader().isComplete()) {
      // The dialect's own terminator was there: what broke came after the reply.
      endRelay(relay);
      answer.writer().flush();
    } else {
      fail(failure);
    }
  }

  /// The caller reads again.
  public void writable() {
    if (phase instanceof Relaying(var attempt, _) && answer.writer().isWritable()) {
      attempt.resume();
    }
  }

  /// The caller left, or its connection was lost.
  public void callerGone() {
    if (!(phase instanceof Closed)) {
      close(Outcome.CANCELLED, FailureKind.CALLER_GONE);
    }
  }

  /// The request cannot be read on: it is malformed below the level of its content.
  public void malformed(Failure failure) {
    fail(failure);
  }

  /// Ends the exchange where it is past a deadline.
  void check(long nowNanos) {
    Failure due = Deadlines.due(phase, timing, nowNanos, services.timeouts(), record.provider());
    if (due != null) {
      fail(due);
      answer.writer().flush();
    }
  }

  private void fail(Failure failure) {
    if (phase instanceof Closed) {
      return;
    }
    boolean begun = answer.isBegun();
    if (begun && phase instanceof Relaying(_, Relay relay)) {
      answer.breakOff(failure, relay.isAtRecordEnd());
    } else if (!begun) {
      answer.error(failure);
    }
    close(begun ? Outcome.FAILED : Outcome.COMPLETED, failure.kind());
    answer.writer().flush();
  }

  private void answerModels(String id) {
    byte[] body =
        id.isEmpty()
            ? services.local().models(Endpoint.dialect(head))
            : services.local().model(Endpoint.dialect(head), id);
    if (body == null) {
      fail(Failures.unknownModel(id));
    } else {
      answerJson(200, body);
    }
  }

  private void answerMetrics() {
    AsciiString accept = head.get(HeaderName.ACCEPT);
    boolean json = accept != null && accept.contains("application/json");
    Thread.startVirtualThread(() -> {
      byte[] body = services.local().metrics(json);
      services.loop().execute(() -> answerLater(body, json));
    });
  }

  private void answerLater(byte[] body, boolean json) {
    if (phase instanceof Answering) {
      answer.local(200, body, json);
      close(Outcome.COMPLETED, null);
      answer.writer().flush();
    }
  }

  private void answerJson(int status, byte[] body) {
    answer.local(status, body, true);
    close(Outcome.COMPLETED, null);
    answer.writer().flush();
  }

  private Operation operation() {
    Operation operation = record.operation;
    if (operation == null) {
      throw new IllegalStateException("no operation in phase " + phase);
    }
    return operation;
  }

  private void close(Outcome outcome, @Nullable FailureKind kind) {
    Phase last = phase;
    phase = new Closed();
    services.deadlines().remove(this);
    switch (last) {
      case Reading(_, RequestBody body) -> body.release();
      case Trying(RequestBody body, var attempt) -> {
        attempt.cancel();
        body.release();
      }
      case Refused(var attempt, _, ByteBuf error) -> {
        attempt.cancel();
        error.release();
      }
      case Relaying(var attempt, Relay relay) -> {
        attempt.cancel();
        record.relayed(relay);
        relay.release();
      }
      case Answering _, Closed _ -> {}
    }
    services.observer().onExchangeEnd(record.report(timing, outcome, kind, answer.status()));
  }
}
