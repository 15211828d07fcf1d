package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.api.Plan;
import io.llmproxy.provider.price.Price;
import io.llmproxy.provider.resume.ResumableStream;
import io.llmproxy.proxy.admission.Denial;
import io.llmproxy.proxy.admission.Share;
import io.llmproxy.proxy.config.RouteSettings.HedgeSettings;
import io.llmproxy.proxy.config.RouteSettings.Resume;
import io.llmproxy.proxy.exchange.Course.Step;
import io.llmproxy.proxy.exchange.Setback.Broken;
import io.llmproxy.proxy.exchange.Setback.Denied;
import io.llmproxy.proxy.exchange.Setback.Differs;
import io.llmproxy.proxy.exchange.Setback.Refusal;
import io.llmproxy.proxy.exchange.Setback.Unmapped;
import io.llmproxy.proxy.exchange.Wording.Worded;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.relay.Relay;
import io.llmproxy.proxy.route.Route;
import io.llmproxy.proxy.route.Target;
import io.llmproxy.proxy.upstream.Credential;
import io.llmproxy.proxy.upstream.UpstreamPool;
import io.llmproxy.proxy.upstream.UpstreamRequest;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The attempts of one exchange, one after another or two side by side, until one has content.
final class Attempts {

  private final Exchange exchange;
  private final ExchangeServices services;
  private final Request request;
  private final Route route;
  private final Deadline deadline;
  private final ExchangeRecord record;
  private final Timing timing;
  private final Course course;
  private final Wording wording;
  private final Trials trials = new Trials();

  /// Waits to ask again, or to ask a second target beside the first.
  private @Nullable ScheduledFuture<?> timer;

  /// Of the setbacks so far, that which the caller is told if no attempt has content.
  private @Nullable Setback told;

  /// What the caller's stream passes through where another attempt may go on from where it breaks.
  private @Nullable ResumableStream resumable;

  /// Why the caller's stream broke; told if no other attempt goes on from there.
  private @Nullable Failure broken;

  /// Whether a model did not go on from the beginning of an answer.
  private boolean prefillRefused;

  /// Whether the caller has left.
  private boolean abandoned;

  private boolean over;

  Attempts(
      Exchange exchange,
      ExchangeServices services,
      Request request,
      Route route,
      Deadline deadline) {
    this.exchange = exchange;
    this.services = services;
    this.request = request;
    this.route = route;
    this.deadline = deadline;
    this.record = exchange.record();
    this.timing = exchange.timing();
    this.wording = new Wording(request, services.factors());
    long prompt = route.asksForPrompt() ? request.body().promptHash() : 0;
    this.course = new Course(route, prompt, request.callerRetries(), System.nanoTime());
  }

  void begin() {
    soonOrLater(course.begin(System.nanoTime()));
    HedgeSettings hedge = route.hedge();
    if (hedge != null && trials.size() == 1) {
      long slow = trials.first().target().health().slowFirstTokenNanos();
      long after = hedge.after() == null ? slow : hedge.after().toNanos();
      if (after >= 0) {
        later(this::hedge, after);
      }
    }
  }

  private void hedge() {
    long now = System.nanoTime();
    if (over || abandoned || trials.size() != 1 || isSpent()) {
      return;
    }
    if (course.hasBeside() && route.hedges().take(now)) {
      ask(course.beside(now), false);
    }
  }

  private void ask(Step step, boolean renewed) {
    switch (request.reservation().attempt(step.target(), System.nanoTime())) {
      case Denial denial -> follow(new Denied(step.target(), denial), step.key());
      case Share share -> ask(step, renewed, share);
    }
  }

  private void ask(Step step, boolean renewed, Share share) {
    Target target = step.target();
    Worded worded = wording.of(target, share.maxOutput(), begun());
    switch (worded.plan()) {
      case Plan.Ask ask -> {
        UpstreamPool pool = services.pools().get(target.upstream());
        Credential credential = pool.upstream().credential(step.key());
        send(new Trial(this, step, Sent.of(ask, credential, renewed, worded), share), pool);
      }
      case Plan.Refuse refused -> {
        worded.release();
        share.release();
        follow(new Unmapped(target, refused.fault()), step.key());
      }
      case Plan.Estimate estimate -> {
        worded.release();
        share.release();
        exchange.estimated(target, estimate.body());
      }
    }
  }

  /// The beginning of the answer that a model may be asked to go on from; empty for none.
  private String begun() {
    return resumable == null || route.resume() != Resume.PREFILL || prefillRefused
        ? ""
        : resumable.deliveredText();
  }

  private void send(Trial trial, UpstreamPool pool) {
    UpstreamRequest sent =
        UpstreamFields.request(
            pool.upstream(), trial.sent(), request, record, deadline.leftMillis(System.nanoTime()));
    record.attempts++;
    trials.add(trial);
    trial.send(pool, sent);
    if (timing.sent == 0) {
      timing.sent = System.nanoTime();
    }
  }

  private void later(Runnable work, long nanos) {
    stopTimer();
    timer = services.loop().schedule(work, nanos, TimeUnit.NANOSECONDS);
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  boolean isStreamed() {
    return record.streamed;
  }

  AsciiString requestId() {
    return record.id;
  }

  /// `trial` has content, or its reply is too long to be held.
  void content(Trial trial, HeldReply reply) {
    win(trial);
    if (resumable != null) {
      resumable.restart(trial.isContinuation());
    } else if (route.resume() != Resume.OFF && isStreamed() && reply.head().isEventStream()) {
      resumable = new ResumableStream(request.operation().dialect(), ByteBufAllocator.DEFAULT);
    }
    exchange.committed(this, trial, reply);
  }

  /// The reply of `trial` is whole, and the caller has heard nothing of it.
  void whole(Trial trial, HeldReply reply) {
    win(trial);
    if (resumable == null) {
      exchange.answered(this, trial, reply);
      return;
    }
    resumable.restart(trial.isContinuation());
    exchange.committed(this, trial, reply);
    trial.onEnd();
  }

  /// What the caller's stream passes through, null where none is to go on from where it breaks.
  @Nullable ResumableStream resumable() {
    return resumable;
  }

  private void win(Trial trial) {
    over = true;
    stopTimer();
    trials.won(trial);
    Target target = trial.target();
    target.health().succeeded();
    target.health().firstToken(System.nanoTime() - trial.begunNanos());
    target.repeats().earn();
    route.hedges().earn();
    forget();
  }

  /// `trial` has come to nothing; it is over.
  void failed(Trial trial, Setback setback) {
    long now = System.nanoTime();
    trials.remove(trial);
    if (setback.isTargetsFault()) {
      setback.target().health().failed(now);
    }
    if (over || trial.isBeaten()) {
      setback.release();
    } else if (trial.isContinuation()
        && !prefillRefused
        && !isSpent()
        && setback instanceof Refusal) {
      // It may still tell the answer from its beginning.
      prefillRefused = true;
      setback.release();
      ask(new Step(trial.target(), trial.key(), 0), false);
    } else if (setback instanceof Refusal refusal && !isSpent() && trial.renewCredential(refusal)) {
      refusal.release();
      ask(new Step(trial.target(), trial.key(), 0), true);
    } else {
      follow(setback, trial.key());
    }
  }

  private void follow(Setback setback, int key) {
    remember(setback);
    if (trials.size() > 0) {
      return;
    }
    Step next = course.after(setback, key, System.nanoTime(), isSpent());
    if (next == null || abandoned) {
      giveUp();
    } else {
      soonOrLater(next);
    }
  }

  private boolean isSpent() {
    return record.attempts >= request.mostAttempts();
  }

  private void soonOrLater(Step step) {
    if (step.delayNanos() == 0) {
      ask(step, false);
    } else {
      later(() -> askLater(step), step.delayNanos());
    }
  }

  /// The caller has left: what is under way may come to its end, nothing new is begun.
  void beginNothing() {
    abandoned = true;
    stopTimer();
    if (trials.size() == 0 && !over) {
      giveUp();
    }
  }

  private void askLater(Step step) {
    if (!over) {
      ask(step, false);
    }
  }

  private void remember(Setback setback) {
    if (told != null && told.weight() > setback.weight()) {
      setback.release();
      return;
    }
    forget();
    told = setback;
  }

  private void forget() {
    if (told != null) {
      told.release();
      told = null;
    }
  }

  private void giveUp() {
    over = true;
    Setback last = told;
    if (broken != null) {
      exchange.fail(broken);
    } else if (last != null) {
      exchange.refused(last, course.hasRepeated());
    } else {
      exchange.leave();
    }
  }

  /// The reply that the caller was given is at its end.
  void ended(Trial trial, Relay relay) {
    exchange.ended(trial, relay);
  }

  /// The reply that the caller was given broke.
  void broke(Trial trial, Failure failure) {
    Relay relay = trial.relay();
    boolean differs = resumable != null && resumable.hasDisagreed();
    if (!differs) {
      trial.target().health().failed(System.nanoTime());
    }
    if (relay == null || !relay.isResumable()) {
      exchange.fail(failure);
      return;
    }
    record.replied(relay.reader(), relay.bytes());
    trial.cancel();
    over = false;
    if (broken == null) {
      broken = failure;
    }
    Target target = trial.target();
    follow(differs ? new Differs(target) : new Broken(target, failure), trial.key());
  }

  void flush() {
    exchange.flush();
  }

  /// The reply of `trial`, which another had beaten, is at its end.
  void readToEnd(Trial trial) {
    trials.remove(trial);
  }

  /// Those under way.
  Trials trials() {
    return trials;
  }

  /// Ends all that may become the answer, and gives up the request when the others have ended too.
  void abandon() {
    over = true;
    stopTimer();
    trials.cancel();
    forget();
    trials.afterwards(this::release);
  }

  private void release() {
    request.release();
    if (resumable != null) {
      resumable.release();
    }
  }

  Timing timing() {
    return timing;
  }

  /// `share` has ended: `charge` is what it came to.
  void charged(Charge charge) {
    record.charge(charge);
  }

  /// What is charged for the target; null where nobody knows.
  @Nullable Price price(Target target) {
    return services.admission().allowances().price(target);
  }

  /// Whether a reply's end waits until what it cost is on disk.
  boolean isStrict() {
    return services.admission().isStrict();
  }

  /// How many tokens the request is likely to have.
  long likelyInput() {
    return request.reservation().likelyInput();
  }

  /// The caller's stream has spent more than its budgets can pay.
  void overspent() {
    exchange.fail(Failures.overspent());
  }
}
