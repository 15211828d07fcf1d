package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.api.Plan;
import io.llmproxy.provider.api.Plans;
import io.llmproxy.provider.api.ProviderModel;
import io.llmproxy.provider.api.Replies;
import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.request.RequestFault;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.ProviderError;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.proxy.exchange.Phase.Answering;
import io.llmproxy.proxy.exchange.Phase.Closed;
import io.llmproxy.proxy.exchange.Phase.Gathering;
import io.llmproxy.proxy.exchange.Phase.Reading;
import io.llmproxy.proxy.exchange.Phase.Refused;
import io.llmproxy.proxy.exchange.Phase.Relaying;
import io.llmproxy.proxy.exchange.Phase.Trying;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.HeaderName;
import io.llmproxy.proxy.http.Names;
import io.llmproxy.proxy.http.ReplyWriter;
import io.llmproxy.proxy.http.RequestHead;
import io.llmproxy.proxy.observe.Outcome;
import io.llmproxy.proxy.relay.Relay;
import io.llmproxy.proxy.route.Target;
import io.llmproxy.proxy.upstream.Attempt;
import io.llmproxy.proxy.upstream.ReplyListener;
import io.llmproxy.proxy.upstream.UpstreamHead;
import io.llmproxy.proxy.upstream.UpstreamPool;
import io.llmproxy.proxy.upstream.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// One downstream request and its reply, whatever it takes. Lives on one event loop: told of the
/// caller by a listener, of the provider by an attempt, of time by the deadline sweep. Reported
/// exactly once.
public final class Exchange implements ReplyListener {

  private static final AsciiString IDENTITY = AsciiString.cached("identity");

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
    plan(operation, body, target);
  }

  private void plan(Operation operation, RequestBody body, Target target) {
    record.target(target);
    answer.target(target);
    ProviderModel model = target.providerModel();
    switch (Plans.of(operation, body, model, services.factors(), ByteBufAllocator.DEFAULT)) {
      case Plan.Ask ask -> {
        record.asked(ask);
        attempt(body, Sent.first(ask, pool(target).upstream().credential()));
      }
      case Plan.Refuse(RequestFault fault) -> fail(Failures.of(fault));
      case Plan.Estimate(ByteBuf estimate) -> {
        answer.estimate(estimate);
        close(Outcome.COMPLETED, null);
        answer.writer().flush();
      }
    }
  }

  private UpstreamPool pool(Target target) {
    return services.pools().get(target.upstream());
  }

  private void attempt(RequestBody body, Sent sent) {
    UpstreamPool pool = pool(record.target());
    UpstreamRequest request =
        UpstreamFields.request(pool.upstream(), sent, head, body.isStreamed(), record.id);
    record.attempts++;
    phase = new Trying(body, sent, pool.start(request, this));
    timing.sent = System.nanoTime();
    timing.lastProgress = timing.sent;
  }

  @Override
  public void onHead(UpstreamHead upstreamHead) {
    if (!(phase instanceof Trying(RequestBody body, Sent sent, var attempt))) {
      return;
    }
    timing.replyRead = System.nanoTime();
    timing.lastProgress = timing.replyRead;
    if (!upstreamHead.isSuccess()) {
      ByteBuf error = ByteBufAllocator.DEFAULT.buffer(1024);
      phase = new Refused(body, sent, attempt, upstreamHead, error);
      return;
    }
    sent.release();
    body.release();
    AsciiString encoding = upstreamHead.contentEncoding();
    if (encoding != null && !encoding.contentEqualsIgnoreCase(IDENTITY)) {
      attempt.cancel();
      phase = new Answering();
      fail(Failures.compressed(record.provider()));
      return;
    }
    beginReply(upstreamHead, sent.ask().replies(), attempt);
  }

  private void beginReply(UpstreamHead upstreamHead, Replies replies, Attempt attempt) {
    boolean eventStream = upstreamHead.isEventStream();
    boolean reshaped = replies.areReshaped(eventStream, record.streamed);
    ReplyReader reader =
        replies.reader(
            eventStream,
            record.streamed,
            ByteBufAllocator.DEFAULT,
            record.id.toString(),
            timing.startedMillis / 1000);
    boolean rewritten = !eventStream && (reshaped || replies.areTranslated());
    boolean tooLong = upstreamHead.bodyBytes() > WholeReply.MOST_BYTES;
    if (!reshaped && (eventStream || (tooLong && !rewritten))) {
      phase = new Relaying(attempt, new Relay(reader, answer.writer()));
      answer.head(upstreamHead, record);
      return;
    }
    if (reshaped) {
      upstreamHead.showAs(record.streamed ? Names.EVENT_STREAM : Names.JSON);
    }
    phase = new Gathering(attempt, new WholeReply(upstreamHead, reader, rewritten, answer, record));
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
      case Gathering(var attempt, WholeReply reply) -> {
        timing.lastProgress = System.nanoTime();
        Relay relay = reply.read(part);
        if (relay != null) {
          phase = new Relaying(attempt, relay);
        }
      }
      case Refused refused -> refused.read(part);
      case Reading _, Trying _, Answering _, Closed _ -> part.release();
    }
  }

  @Override
  public void onEnd() {
    switch (phase) {
      case Relaying(_, Relay relay) -> endRelay(relay);
      case Gathering(_, WholeReply reply) -> endWhole(reply);
      case Refused refused -> endRefused(refused);
      case Reading _, Trying _, Answering _, Closed _ -> {}
    }
  }

  private void endRefused(Refused refused) {
    UpstreamHead upstreamHead = refused.head();
    byte[] bytes = ByteBufUtil.getBytes(refused.error());
    ProviderError error = ProviderErrors.read(upstreamHead, bytes);
    Sent again = error.isTokenExpired() ? refused.sent().renewed(upstreamHead.date()) : null;
    if (again != null) {
      refused.error().release();
      attempt(refused.body(), again);
      return;
    }
    answer.refusal(upstreamHead, refused.error(), error, record);
    close(Outcome.COMPLETED, answer.code());
  }

  private void endWhole(WholeReply reply) {
    Failure failure = reply.end();
    if (failure == null) {
      timing.firstContent = System.nanoTime();
      close(Outcome.COMPLETED, answer.code());
    } else {
      fail(failure);
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
      close(Outcome.FAILED, FailureKind.UPSTREAM_CUT.code());
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
      close(Outcome.CANCELLED, FailureKind.CALLER_GONE.code());
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
    close(begun ? Outcome.FAILED : Outcome.COMPLETED, failure.kind().code());
    answer.writer().flush();
  }

  private void answerModels(String id) {
    byte[] body = services.local().models(Endpoint.dialect(head), id);
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

  private void close(Outcome outcome, @Nullable String code) {
    Phase last = phase;
    phase = new Closed();
    services.deadlines().remove(this);
    if (last instanceof Gathering(_, WholeReply reply)) {
      record.replied(reply.reader(), answer.isBegun() ? reply.bytes() : 0);
    } else if (last instanceof Relaying(_, Relay relay)) {
      record.replied(relay.reader(), relay.bytes());
    }
    last.abandon();
    services.observer().onExchangeEnd(record.report(timing, outcome, code, answer.status()));
  }
}
