package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.wire.Operation;
import org.jspecify.annotations.Nullable;

/// Where an exchange is, and what it owns there.
sealed interface Phase {

  /// Gives up what the phase owns; an attempt under way is cancelled.
  void abandon();

  /// Ends what is past a deadline of its own.
  default void check(long nowNanos) {}

  /// The caller has left: what a provider has begun is read on for what it costs. False where there
  /// is no such thing.
  default boolean drain() {
    return false;
  }

  /// The attempts that it has; null where there are none.
  default @Nullable Trials trials() {
    return null;
  }

  /// Whether a line that means nothing may be put into the caller's stream now.
  default boolean mayBeat() {
    return false;
  }

  /// The body arrives.
  record Reading(Operation operation, RequestBody body) implements Phase {
    @Override
    public void abandon() {
      body.release();
    }
  }

  /// Providers are asked; the caller has heard nothing yet.
  record Asking(Attempts attempts) implements Phase {
    @Override
    public void abandon() {
      attempts.abandon();
    }

    @Override
    public void check(long nowNanos) {
      attempts.trials().check(nowNanos);
    }

    @Override
    public Trials trials() {
      return attempts.trials();
    }

    @Override
    public boolean drain() {
      attempts.beginNothing();
      return true;
    }

    @Override
    public boolean mayBeat() {
      return true;
    }
  }

  /// The reply of one attempt is on its way to the caller.
  record Relaying(Attempts attempts, Trial trial) implements Phase {
    @Override
    public void abandon() {
      trial.cancel();
      attempts.abandon();
    }

    @Override
    public void check(long nowNanos) {
      trial.check(nowNanos);
      attempts.trials().check(nowNanos);
    }

    @Override
    public Trials trials() {
      return attempts.trials();
    }

    @Override
    public boolean drain() {
      attempts.beginNothing();
      trial.discard();
      return true;
    }

    @Override
    public boolean mayBeat() {
      return trial.isAtRecordEnd();
    }
  }

  /// An answer of our own is being made elsewhere.
  record Answering() implements Phase {
    @Override
    public void abandon() {}
  }

  /// Over: reported, nothing owned but attempts that were beaten and are read to their ends.
  record Closed(@Nullable Trials trials) implements Phase {
    @Override
    public void abandon() {
      if (trials != null) {
        trials.cancelBeaten();
      }
    }

    @Override
    public void check(long nowNanos) {
      if (trials != null) {
        trials.checkBeaten(nowNanos);
      }
    }
  }
}
