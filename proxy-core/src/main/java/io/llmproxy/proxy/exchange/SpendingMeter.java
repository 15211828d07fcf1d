package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.proxy.admission.Share;
import io.llmproxy.proxy.ledger.Outcome;
import io.llmproxy.proxy.relay.Relay;
import io.llmproxy.proxy.route.Target;
import org.jspecify.annotations.Nullable;

/// Follows what one attempt spends, and ends what was set aside for it, once.
final class SpendingMeter {

  /// How often a running stream's cost is looked at.
  private static final int LOOK_BYTES = 4096;

  private final Attempts attempts;
  private final Target target;
  private final long maxOutput;

  /// Null once it has ended.
  private @Nullable Share share;

  private long lookAt = LOOK_BYTES;

  SpendingMeter(Attempts attempts, Target target, Share share) {
    this.attempts = attempts;
    this.target = target;
    this.share = share;
    this.maxOutput = share.maxOutput();
  }

  /// What the answer was limited to so that the budgets can pay it, −1 for as the caller had it.
  long maxOutput() {
    return maxOutput;
  }

  /// Whether a stream may go on: its budgets have what it has come to, by a look every few
  /// kilobytes.
  boolean mayGoOn(Relay relay) {
    Share current = share;
    if (current == null || relay.bytes() < lookAt) {
      return true;
    }
    lookAt = relay.bytes() + LOOK_BYTES;
    return !current.isBudgeted() || current.maySpend(charge(relay.reader()).nanoUsd());
  }

  /// The attempt is over; nothing is done where that was said before.
  ///
  /// @param reader what followed its reply; null where there was none
  /// @param asked whether the provider may have the whole question
  /// @param outcome of a reply that is not whole
  void end(@Nullable ReplyReader reader, boolean asked, Outcome outcome) {
    Share ending = share;
    if (ending == null) {
      return;
    }
    share = null;
    if (reader != null && (reader.hasContent() || !reader.hasError())) {
      Outcome known = reader.isComplete() ? Outcome.COMPLETED : outcome;
      attempts.charged(charge(reader).settle(ending, known));
    } else if (reader == null && asked) {
      // What became of it is unknown: whoever asked is likely to be charged for the question.
      Charge unanswered = Charge.unanswered(attempts.price(target), attempts.likelyInput());
      attempts.charged(unanswered.settle(ending, Outcome.UNKNOWN));
    } else {
      ending.release();
    }
  }

  private Charge charge(ReplyReader reader) {
    return Charge.of(attempts.price(target), reader, attempts.likelyInput());
  }
}
