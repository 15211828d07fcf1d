package io.llmproxy.proxy.exchange;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The attempts of one exchange that are under way: those of which one may become the answer, and
/// those that another has beaten, whose replies are read to their ends for what they cost. Those go
/// on when the exchange is over.
final class Trials {

  /// How long a reply that nobody receives is read on.
  static final Duration LONGEST_DRAIN = Duration.ofSeconds(60);

  private final List<Trial> running = new ArrayList<>(1);
  private List<Trial> beaten = List.of();
  private List<Runnable> afterwards = List.of();
  private long beatenSince;

  void add(Trial trial) {
    running.add(trial);
  }

  /// `trial` is over.
  void remove(Trial trial) {
    if (!running.remove(trial) && !beaten.isEmpty()) {
      beaten.remove(trial);
      finish();
    }
  }

  /// How many may become the answer.
  int size() {
    return running.size();
  }

  /// The one that was begun first.
  Trial first() {
    return running.getFirst();
  }

  /// `winner` is the answer.
  void won(Trial winner) {
    running.remove(winner);
    for (Trial loser : running) {
      if (loser.readOn()) {
        beaten = beaten.isEmpty() ? new ArrayList<>(1) : beaten;
        beaten.add(loser);
        beatenSince = System.nanoTime();
      }
    }
    running.clear();
  }

  /// Ends all that may become the answer.
  void cancel() {
    running.forEach(Trial::cancel);
    running.clear();
  }

  /// Ends those that are past a deadline.
  void check(long now) {
    for (int i = running.size() - 1; i >= 0; i--) {
      if (i < running.size()) {
        running.get(i).check(now);
      }
    }
    checkBeaten(now);
  }

  /// Likewise those that were beaten, alone.
  void checkBeaten(long now) {
    if (!beaten.isEmpty() && now - beatenSince > LONGEST_DRAIN.toNanos()) {
      cancelBeaten();
    }
    for (int i = beaten.size() - 1; i >= 0; i--) {
      if (i < beaten.size()) {
        beaten.get(i).check(now);
      }
    }
  }

  /// Ends those that were beaten; what their replies had come to by now is all that is known.
  void cancelBeaten() {
    beaten.forEach(Trial::cancel);
    beaten = List.of();
    finish();
  }

  /// Runs `work` when none that was beaten is under way any more.
  void afterwards(Runnable work) {
    if (beaten.isEmpty()) {
      work.run();
    } else {
      afterwards = afterwards.isEmpty() ? new ArrayList<>(2) : afterwards;
      afterwards.add(work);
    }
  }

  private void finish() {
    if (beaten.isEmpty()) {
      List<Runnable> work = afterwards;
      afterwards = List.of();
      work.forEach(Runnable::run);
    }
  }

  /// The one whose reply has come the furthest, null where none is under way.
  @Nullable Trial furthest() {
    Trial best = null;
    for (Trial trial : running) {
      if (best == null || trial.held() != null) {
        best = trial;
      }
    }
    return best;
  }
}
