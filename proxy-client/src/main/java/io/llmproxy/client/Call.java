package io.llmproxy.client;

import io.llmproxy.client.LlmException.Cancelled;
import io.llmproxy.client.LlmException.Details;
import io.llmproxy.client.LlmException.StreamCut;
import io.llmproxy.client.LlmException.TimedOut;
import io.llmproxy.client.Setback.Move;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One call: its tries, one after another, until one is whole or no further one is allowed. Lives
/// on the event loop; [#pause], [#resume] and [#cancel] may be called by any thread.
final class Call implements EventFlow.Source {

  /// Between looks whether an endpoint is well again, at most.
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Core core;
  private final Ask ask;
  private final Reception reception;
  private final Budget budget;
  private final long deadlineNanos;

  /// Endpoints that a try came to nothing at, since all were asked last.
  private final Set<Pool> avoided = new HashSet<>();

  private String id = "";
  private int from;
  private int model;
  private int tries;
  private int replies;
  private int repeats;
  private long unreachedSinceNanos = -1;
  private @Nullable Try running;
  private @Nullable ScheduledFuture<?> timer;
  private @Nullable ScheduledFuture<?> deadline;
  private boolean paused;
  private boolean over;

  Call(Core core, Ask ask, Reception reception) {
    this.core = core;
    this.ask = ask;
    this.reception = reception;
    this.budget = new Budget(core.policy().attempts());
    this.deadlineNanos = System.nanoTime() + ask.deadline().toNanos();
  }

  void begin(String id) {
    if (over) {
      core.ended(this);
      return;
    }
    this.id = id;
    from = core.firstEndpoint();
    deadline =
        core.transport()
            .loop()
            .schedule(this::late, deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    send();
  }

  private void send() {
    if (over) {
      return;
    }
    long now = System.nanoTime();
    Pool pool = core.pick(from, avoided, now);
    if (pool == null) {
      await(now);
      return;
    }
    tries++;
    Try next = new Try(this, pool, budget.grant(), replies);
    running = next;
    next.send();
  }

  /// No endpoint is well: looks again soon.
  private void await(long now) {
    if (isOutOfPatience(now)) {
      giveUp(new LlmException.NetworkFailed("no endpoint can be reached", details(0)));
    } else {
      later(ThreadLocalRandom.current().nextLong(LOOK_NANOS / 4, LOOK_NANOS));
    }
  }

  private boolean isOutOfPatience(long now) {
    if (unreachedSinceNanos < 0) {
      unreachedSinceNanos = now;
    }
    return now - unreachedSinceNanos > core.policy().patience().toNanos();
  }

  private void later(long nanos) {
    timer = core.transport().loop().schedule(this::send, nanos, TimeUnit.NANOSECONDS);
  }

  Ask ask() {
    return ask;
  }

  Reception reception() {
    return reception;
  }

  Budget budget() {
    return budget;
  }

  Core core() {
    return core;
  }

  String id() {
    return id;
  }

  int tries() {
    return tries;
  }

  int modelIndex() {
    return model;
  }

  boolean isPaused() {
    return paused;
  }

  long leftMillis() {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()));
  }

  Details details(int status) {
    return new Details(status, "", id, budget.spent());
  }

  /// An endpoint replied, well or not.
  void replied() {
    replies++;
  }

  /// All is delivered.
  void succeeded() {
    core.allowance().earn();
    end();
  }

  /// A try came to nothing, at `pool`.
  void failed(Pool pool, Setback setback) {
    running = null;
    if (over) {
      return;
    }
    long now = System.nanoTime();
    boolean stops =
        setback.move() == Move.STOP || (reception.hasDelivered() && !reception.isResumable());
    if (stops || !follows(pool, setback, now)) {
      giveUp(setback.exception());
    }
  }

  /// Whether a further try follows.
  private boolean follows(Pool pool, Setback setback, long now) {
    if (setback.move() == Move.ELSEWHERE_FREE) {
      pool.failed(now);
      avoided.add(pool);
      return !isOutOfPatience(now) && again(0);
    }
    unreachedSinceNanos = -1;
    boolean allowed =
        !budget.isSpent() && replies < core.policy().attempts() && core.allowance().take();
    return allowed
        && switch (setback.move()) {
          case ELSEWHERE -> elsewhere(pool);
          case AGAIN -> otherTarget(pool) ? again(0) : waits(setback);
          case OTHER_TARGET -> otherTarget(pool) && again(0);
          case STOP, ELSEWHERE_FREE -> false;
        };
  }

  private boolean elsewhere(Pool pool) {
    avoided.add(pool);
    return again(0);
  }

  /// Goes on to the next model, or to the next endpoint where that is another provider.
  private boolean otherTarget(Pool pool) {
    if (model + 1 < ask.models().size()) {
      model++;
      return true;
    }
    avoided.add(pool);
    boolean another = pool.isDirect() && avoided.size() < core.endpoints();
    if (another) {
      model = 0;
    }
    return another;
  }

  /// All were asked: they are asked again, after a while.
  private boolean waits(Setback setback) {
    model = 0;
    avoided.clear();
    RetryPolicy policy = core.policy();
    long delay = Backoff.nanos(policy, repeats++, ThreadLocalRandom.current());
    long named = TimeUnit.MILLISECONDS.toNanos(setback.retryAfterMillis());
    return named <= policy.maxDelay().toNanos() && again(Math.max(delay, named));
  }

  private boolean again(long delayNanos) {
    if (System.nanoTime() + delayNanos - deadlineNanos >= 0) {
      return false;
    }
    // Not at once: who was told may still be telling others of the same connection.
    later(delayNanos);
    return true;
  }

  private void giveUp(LlmException exception) {
    LlmException told =
        reception.hasDelivered()
            ? new StreamCut(
                exception.fault(),
                "the stream broke after a part of the answer: " + exception.getMessage(),
                new Details(
                    exception.status(), exception.code(), exception.requestId(), budget.spent()))
            : exception;
    if (end()) {
      reception.fail(told);
    }
  }

  private void late() {
    stop(new TimedOut("the deadline of " + ask.deadline().toMillis() + " ms passed", details(0)));
  }

  private void stop(LlmException exception) {
    if (end()) {
      reception.fail(exception);
    }
  }

  /// Ends what is under way; whether anything was.
  private boolean end() {
    if (over) {
      return false;
    }
    over = true;
    if (timer != null) {
      timer.cancel(false);
    }
    if (deadline != null) {
      deadline.cancel(false);
    }
    Try last = running;
    running = null;
    if (last != null) {
      last.cancel();
    }
    core.ended(this);
    return true;
  }

  private void onLoop(Runnable work) {
    if (core.transport().loop().inEventLoop()) {
      work.run();
    } else {
      core.transport().loop().execute(work);
    }
  }

  @Override
  public void pause() {
    onLoop(() -> steer(true));
  }

  @Override
  public void resume() {
    onLoop(() -> steer(false));
  }

  private void steer(boolean pauses) {
    paused = pauses;
    if (running != null) {
      running.steer(pauses);
    }
  }

  @Override
  public void cancel() {
    cancel("the caller cancelled the call");
  }

  void cancel(String why) {
    onLoop(() -> stop(new Cancelled(why, details(0))));
  }
}
