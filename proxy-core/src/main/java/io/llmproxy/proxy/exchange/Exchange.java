package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.request.RequestFault;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.proxy.auth.Principal;
import io.llmproxy.proxy.auth.Unknown;
import io.llmproxy.proxy.config.ProviderSettings.OnDisconnect;
import io.llmproxy.proxy.exchange.Phase.Answering;
import io.llmproxy.proxy.exchange.Phase.Asking;
import io.llmproxy.proxy.exchange.Phase.Closed;
import io.llmproxy.proxy.exchange.Phase.Reading;
import io.llmproxy.proxy.exchange.Phase.Relaying;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.ReplyWriter;
import io.llmproxy.proxy.http.RequestHead;
import io.llmproxy.proxy.observe.Outcome;
import io.llmproxy.proxy.relay.Relay;
import io.llmproxy.proxy.route.Route;
import io.llmproxy.proxy.route.Target;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One downstream request and its reply, whatever it takes. Lives on one event loop: told of the
/// caller by a listener, of providers by its attempts, of time by the deadline sweep. Reported
/// exactly once.
public final class Exchange {

  private static final Duration BODY_SILENCE = Duration.ofSeconds(30);

  private final ExchangeServices services;
  private final RequestHead head;
  private final Answer answer;
  private final ExchangeRecord record;
  private final Timing timing = new Timing();
  private Phase phase = new Answering();

  private Deadline deadline = Deadline.NONE;

  /// When the caller left; 0 while it is there.
  private long goneSince;

  /// Place in the list of the deadline sweep.
  int sweepIndex;

  Exchange(ExchangeServices services, RequestHead head, ReplyWriter writer) {
    AsciiString id = services.ids().of(head);
    this.services = services;
    this.head = head;
    this.record = new ExchangeRecord(id, services.identification().address(head));
    this.answer = new Answer(writer, id, Endpoint.dialect(head), timing, services.heartbeat());
  }

  void begin() {
    services.observer().onExchangeStart();
    services.deadlines().add(this);
    Endpoint endpoint = Endpoint.of(head);
    switch (services.identification().identify(endpoint, head, record.address())) {
      case Principal principal -> {
        record.principal(principal);
        answer(endpoint);
      }
      case Unknown(Failure failure) -> fail(failure);
    }
  }

  private void answer(Endpoint endpoint) {
    switch (endpoint) {
      case Endpoint.Ask(Operation operation) -> beginReading(operation);
      case Endpoint.Models(String id) -> answerModels(id);
      case Endpoint.Health _ ->
          tell(services.local().isDraining() ? 503 : 200, services.local().health(), true);
      case Endpoint.Metrics _ -> answerMetrics();
      case Endpoint.Presence _ -> tell(200, new byte[0], true);
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
    Failure failure = Failures.ofBody(head, services.limits().maxBody());
    if (failure == null) {
      phase = new Reading(operation, RequestBody.of(operation));
    } else {
      fail(failure);
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
    timing.bodyEnd(System.nanoTime());
    RequestFault fault = body.finish();
    if (fault != null) {
      fail(Failures.of(fault));
      return;
    }
    record.requestModel = body.model();
    record.streamed = body.isStreamed();
    boolean allowed = record.principal().allows(body.model());
    Route route = services.routes().find(body.model());
    if (route == null || !allowed) {
      fail(Failures.noModel(body.model(), allowed));
    } else {
      ask(operation, body, route);
    }
  }

  private void ask(Operation operation, RequestBody body, Route route) {
    turnTo(route.first());
    Request request = services.request(record, operation, head, body);
    answer.limits(request.reservation().told());
    deadline = Deadline.of(request, route.first().timeouts(), timing.started);
    Attempts attempts = new Attempts(this, services, request, route, deadline);
    phase = new Asking(attempts);
    attempts.begin();
  }

  /// From now on the caller is told of `target`.
  private void turnTo(Target target) {
    record.target(target);
    answer.target(target);
  }

  ExchangeRecord record() {
    return record;
  }

  Timing timing() {
    return timing;
  }

  /// An attempt has content: the caller is given its reply from now on.
  void committed(Attempts attempts, Trial trial, HeldReply reply) {
    won(trial);
    phase = new Relaying(attempts, trial);
    if (goneSince != 0) {
      trial.relayTo(answer.writer(), reply, null);
      trial.discard();
      return;
    }
    if (!answer.isBegun()) {
      answer.head(reply.head(), record);
    }
    trial.relayTo(answer.writer(), reply, attempts.resumable());
    answer.writer().flush();
  }

  /// The reply of an attempt is whole before anything of it was told.
  void answered(Attempts attempts, Trial trial, HeldReply reply) {
    won(trial);
    phase = new Relaying(attempts, trial);
    record.replied(reply.reader(), reply.bytes());
    if (goneSince != 0) {
      leave();
    } else {
      settled(trial, () -> answer.whole(reply, record));
    }
  }

  /// Ends a reply that is whole once what it cost is on disk, where that is asked for.
  private void settled(Trial trial, Runnable ending) {
    trial.settle();
    services
        .admission()
        .whenDurable(
            services.loop(),
            durable -> {
              if (phase instanceof Closed || goneSince != 0) {
                leave();
              } else if (durable) {
                ending.run();
                close(Outcome.COMPLETED, answer.code());
                answer.writer().flush();
              } else {
                fail(Failures.notRecorded());
              }
            });
  }

  private void won(Trial trial) {
    turnTo(trial.target());
    record.asked(trial.sent().ask(), trial.maxOutput());
    timing.content(System.nanoTime());
  }

  /// No attempt had content, and none is to follow.
  ///
  /// @param repeated whether a target was asked more than once
  void refused(Setback setback, boolean repeated) {
    turnTo(setback.target());
    if (goneSince != 0) {
      leave();
      return;
    }
    answer.repeated(repeated);
    switch (setback) {
      case Setback.Refusal refusal -> {
        Outcome outcome = answer.isBegun() ? Outcome.FAILED : Outcome.COMPLETED;
        answer.refusal(refusal, record);
        close(outcome, answer.code());
        answer.writer().flush();
      }
      case Setback.Broken broken -> fail(broken.failure());
      case Setback.Denied denied -> fail(Failures.of(denied));
      case Setback.Differs _ -> throw new IllegalStateException("told to nobody");
      case Setback.Unmapped unmapped -> fail(Failures.of(unmapped.fault()));
    }
  }

  /// The tokens of the request were counted here.
  void estimated(Target target, ByteBuf estimate) {
    turnTo(target);
    answer.estimate(estimate);
    close(Outcome.COMPLETED, null);
    answer.writer().flush();
  }

  /// The reply that the caller was given is at its end.
  void ended(Trial trial, Relay relay) {
    if (goneSince != 0) {
      leave();
    } else if (relay.isWhole() || !answer.isEventStream()) {
      settled(
          trial,
          () -> {
            relay.giveEnd();
            answer.end(record);
          });
    } else if (relay.reader().hasError()) {
      // The provider's own error record has been passed on; a clean end would contradict it.
      answer.writer().abort();
      close(Outcome.FAILED, FailureKind.UPSTREAM_CUT.code());
    } else {
      fail(Failures.unfinished(record.provider()));
    }
  }

  void flush() {
    if (goneSince == 0) {
      answer.writer().flush();
    }
  }

  /// The caller reads again.
  public void writable() {
    if (phase instanceof Relaying(_, Trial trial) && answer.writer().isWritable()) {
      trial.resume();
    }
  }

  /// The caller left, or its connection was lost. Where the provider is one that bills what it has
  /// begun, its reply is read on for a while, so that its count is known.
  public void callerGone() {
    if (phase instanceof Closed || goneSince != 0) {
      return;
    }
    boolean drains = record.hasTarget() && record.target().onDisconnect() == OnDisconnect.DRAIN;
    goneSince = System.nanoTime();
    if (!drains || !phase.drain()) {
      leave();
    }
  }

  /// Ends at once: the caller has left.
  void leave() {
    if (!(phase instanceof Closed)) {
      close(Outcome.CANCELLED, FailureKind.CALLER_GONE.code());
    }
  }

  /// Ends what is past a deadline, and tells a caller that has heard nothing for long that its
  /// stream is still on its way.
  void check(long nowNanos) {
    if (phase instanceof Closed) {
      phase.check(nowNanos);
    } else if (goneSince != 0 && nowNanos - goneSince > Trials.LONGEST_DRAIN.toNanos()) {
      leave();
    } else if (phase instanceof Reading
        && nowNanos - timing.lastProgress > BODY_SILENCE.toNanos()) {
      fail(Failures.silentCaller(BODY_SILENCE));
    } else if (deadline.isPast(nowNanos)) {
      fail(deadline.failure(record.provider()));
    } else {
      phase.check(nowNanos);
      if (goneSince == 0 && phase.mayBeat()) {
        answer.beat(nowNanos, record);
      }
    }
  }

  /// Ends with `failure`, told as far as the caller can still be told.
  public void fail(Failure failure) {
    if (phase instanceof Closed) {
      return;
    }
    if (goneSince != 0) {
      leave();
      return;
    }
    boolean begun = answer.isBegun();
    if (begun) {
      answer.breakOff(failure, phase.mayBeat());
    } else {
      answer.error(failure, record.attempts);
    }
    close(begun ? Outcome.FAILED : Outcome.COMPLETED, failure.kind().code());
    answer.writer().flush();
  }

  private void answerModels(String id) {
    byte[] body = services.local().models(Endpoint.dialect(head), id, record.principal());
    if (body == null) {
      fail(Failures.unknownModel(id));
    } else {
      tell(200, body, true);
    }
  }

  private void answerMetrics() {
    boolean json = LocalAnswers.asksForJson(head);
    services.local().metrics(json, services.loop(), body -> tellMetrics(body, json));
  }

  private void tellMetrics(byte[] body, boolean json) {
    if (phase instanceof Answering) {
      tell(200, body, json);
    }
  }

  private void tell(int status, byte[] body, boolean json) {
    answer.local(status, body, json);
    close(Outcome.COMPLETED, null);
    answer.writer().flush();
  }

  private void close(Outcome outcome, @Nullable String code) {
    Phase last = phase;
    Trials trials = last.trials();
    phase = new Closed(trials);
    timing.ended = System.nanoTime();
    record.note(last);
    last.abandon();
    if (trials == null) {
      report(outcome, code);
    } else {
      trials.afterwards(() -> report(outcome, code));
    }
  }

  /// Reads on no reply that was beaten, if it is over.
  void endDrain() {
    if (phase instanceof Closed) {
      phase.abandon();
    }
  }

  private void report(Outcome outcome, @Nullable String code) {
    services.deadlines().remove(this);
    services.observer().onExchangeEnd(record.report(timing, outcome, code, answer.status()));
  }
}
