package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.price.Price;
import io.llmproxy.provider.price.Rates;
import io.llmproxy.provider.price.ReportedCost;
import io.llmproxy.provider.price.ReportedCost.Agreement;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.ServiceTier;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.llmproxy.proxy.admission.Share;
import io.llmproxy.proxy.ledger.Outcome;
import org.jspecify.annotations.Nullable;

/// What an attempt came to.
record Charge(Usage usage, UsageSource source, ReportedCost cost) {

  /// By what is known now of the reply that `reader` followed. The provider's own number counts
  /// only where its usage does: what it says midway is of what it sent by then. A prompt that the
  /// provider has not counted is as long as it is likely to be.
  ///
  /// @param price null where unknown
  static Charge of(@Nullable Price price, ReplyReader reader, long likelyInput) {
    UsageSource source = reader.usageSource();
    Usage usage = reader.usage();
    if (source != UsageSource.REPORTED && usage.totalInput() == 0) {
      usage = usage.plusInput(likelyInput);
    }
    Billing billing = reader.billing();
    long computed = price == null ? Rates.UNKNOWN : price.nanoUsd(usage, billing.tier());
    long ticks = source == UsageSource.REPORTED ? billing.costTicks() : -1;
    return new Charge(usage, source, ReportedCost.ofTicks(ticks, computed));
  }

  /// Of a question without an answer.
  static Charge unanswered(@Nullable Price price, long likelyInput) {
    Usage usage = Usage.NONE.plusInput(likelyInput);
    long computed = price == null ? Rates.UNKNOWN : price.nanoUsd(usage, ServiceTier.STANDARD);
    return new Charge(
        usage, UsageSource.ESTIMATED, new ReportedCost(computed, Agreement.NOT_REPORTED));
  }

  long nanoUsd() {
    return cost.nanoUsd();
  }

  /// Ends `share` with it.
  Charge settle(Share share, Outcome outcome) {
    share.settle(usage, source, cost.nanoUsd(), outcome);
    return this;
  }

  /// Both together; a cost is unknown where one of them is.
  Charge plus(Charge other) {
    boolean known = nanoUsd() != Rates.UNKNOWN && other.nanoUsd() != Rates.UNKNOWN;
    long sum = known ? nanoUsd() + other.nanoUsd() : Rates.UNKNOWN;
    return new Charge(
        usage.plus(other.usage),
        source == other.source ? source : UsageSource.PARTIAL,
        new ReportedCost(sum, other.cost.agreement()));
  }
}
