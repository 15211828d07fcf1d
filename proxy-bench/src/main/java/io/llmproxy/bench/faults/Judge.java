package io.llmproxy.bench.faults;

import io.llmproxy.bench.faults.FaultCase.Range;
import io.llmproxy.bench.simulator.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Says what was wrong with one request's way through the proxy; used by any thread.
final class Judge {

  /// What the providers saw of a request.
  ///
  /// @param attempts the times at which each target was asked
  /// @param strayAttempts how often the prompt reached anything else
  /// @param answered what each target that answered to its end billed, in the route's order
  record Seen(List<List<Long>> attempts, int strayAttempts, List<Tokens> answered) {

    /// What the last of them billed.
    Tokens last() {
      return answered.isEmpty() ? new Tokens(0, 0, 0, 0, 0) : answered.getLast();
    }
  }

  private final FaultCase fault;
  private final String text;

  /// @param text what every target answers
  Judge(FaultCase fault, String text) {
    this.fault = fault;
    this.text = text;
  }

  /// Gives what was wrong; nothing if nothing.
  List<String> judge(Transcript reply, Seen seen) {
    List<String> wrong = new ArrayList<>();
    attempts(seen, wrong);
    Told told = Told.of(reply);
    switch (fault.end()) {
      case REFUSAL -> refusal(reply, told, wrong);
      case ANSWER_OR_REFUSAL -> {
        if (reply.status() == 200) {
          answer(reply, told, seen, wrong);
        } else {
          refusal(reply, told, wrong);
        }
      }
      case ANSWER_OR_ERROR -> {
        if (told.errors() > 0) {
          brokenOff(reply, told, wrong);
        } else {
          answer(reply, told, seen, wrong);
        }
      }
      case ANSWER, BAITED, OUTAGE -> answer(reply, told, seen, wrong);
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(reply.nanos());
    check(
        millis <= fault.withinMillis(),
        "took %d ms, at most %d".formatted(millis, fault.withinMillis()),
        wrong);
    return wrong;
  }

  private static void check(boolean right, String otherwise, List<String> wrong) {
    if (!right) {
      wrong.add(otherwise);
    }
  }

  private void attempts(Seen seen, List<String> wrong) {
    if (fault.end() == FaultCase.End.OUTAGE) {
      return;
    }
    check(seen.strayAttempts() == 0, "something else was asked", wrong);
    for (int i = 0; i < fault.attempts().size(); i++) {
      Range range = fault.attempts().get(i);
      List<Long> times = seen.attempts().get(i);
      check(
          range.holds(times.size()),
          "target %d was asked %d times, not %d to %d"
              .formatted(i + 1, times.size(), range.least(), range.most()),
          wrong);
      for (int k = 1; k < times.size(); k++) {
        long gap = TimeUnit.NANOSECONDS.toMillis(times.get(k) - times.get(k - 1));
        check(
            gap >= fault.gapMillis(),
            "target %d was asked again after %d ms, not %d"
                .formatted(i + 1, gap, fault.gapMillis()),
            wrong);
      }
    }
  }

  private void answer(Transcript reply, Told told, Seen seen, List<String> wrong) {
    check(reply.status() == 200, "status " + reply.status() + ": " + start(reply), wrong);
    if (reply.status() != 200) {
      return;
    }
    check(reply.clean(), "the body broke off", wrong);
    check(told.flaw().isEmpty(), told.flaw(), wrong);
    check(told.errors() == 0, "an error record", wrong);
    check(told.ends() == 1, told.ends() + " ends", wrong);
    check(told.starts() == 1, told.starts() + " beginnings", wrong);
    check(told.text().equals(text), difference(told.text()), wrong);
    boolean times = fault.end() == FaultCase.End.BAITED ? told.usages() > 0 : told.usages() == 1;
    check(times, "usage was told " + told.usages() + " times", wrong);
    Tokens right = seen.last();
    check(
        seen.answered().stream()
            .anyMatch(each -> told.input() == each.input() && told.output() == each.output()),
        "usage %d/%d, the books say %d/%d"
            .formatted(told.input(), told.output(), right.input(), right.output()),
        wrong);
  }

  private void refusal(Transcript reply, Told told, List<String> wrong) {
    int status = fault.status(reply.dialect());
    boolean right = status == 0 ? reply.status() >= 400 : reply.status() == status;
    check(right, "status %d, not %d: %s".formatted(reply.status(), status, start(reply)), wrong);
    check(reply.clean(), "the body broke off", wrong);
    check(told.flaw().isEmpty(), told.flaw(), wrong);
    check(told.errors() == 1, "no error in the dialect: " + start(reply), wrong);
    check(
        reply.body().contains(fault.says(reply.dialect())),
        "does not say '%s': %s".formatted(fault.says(reply.dialect()), start(reply)),
        wrong);
  }

  private void brokenOff(Transcript reply, Told told, List<String> wrong) {
    check(told.flaw().isEmpty(), told.flaw(), wrong);
    check(told.errors() == 1, told.errors() + " error records", wrong);
    check(told.ends() == 0, "an error, and an end as of a whole answer", wrong);
    check(text.startsWith(told.text()), difference(told.text()), wrong);
    check(reply.status() == 200, "status " + reply.status(), wrong);
  }

  private String difference(String got) {
    int same = 0;
    while (same < Math.min(got.length(), text.length()) && got.charAt(same) == text.charAt(same)) {
      same++;
    }
    return "text of %d characters, not %d, another from %d on"
        .formatted(got.length(), text.length(), same);
  }

  private static String start(Transcript reply) {
    String body = reply.body().strip();
    return body.substring(0, Math.min(160, body.length()));
  }
}
