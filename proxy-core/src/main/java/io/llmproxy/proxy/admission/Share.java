package io.llmproxy.proxy.admission;

import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.llmproxy.proxy.ledger.Lane;
import io.llmproxy.proxy.ledger.Outcome;
import io.llmproxy.proxy.ledger.Settlement;
import io.llmproxy.proxy.limit.Scope;
import org.jspecify.annotations.Nullable;

/// What is set aside for one attempt: of its provider's and its model's limits, and of every budget
/// that applies. Ends once, in [#settle] or [#release], and is then used again for other attempts.
/// Belongs to one event loop.
public final class Share implements Decision {

  /// The most that is held anew for a stream that has spent what was held for it, as a part of
  /// that.
  private static final int TOP_UPS = 4;

  private final Admission admission;
  private final Hold hold = new Hold();

  /// Null once it has ended.
  private @Nullable Reservation reservation;

  private Scope provider;
  private @Nullable Scope model;
  private long maxOutput;
  private long recordId;

  Share(Admission admission) {
    this.admission = admission;
    this.provider = admission.all();
  }

  /// Becomes what is set aside for an attempt; what is held of budgets is [#hold]'s.
  ///
  /// @param newMaxOutput what each answer must be limited to so that the budgets can pay it, −1 for
  ///   as the caller has it
  /// @param newRecordId the ledger's, [Lane#FULL] where none is kept
  void open(
      Reservation of,
      Scope ofProvider,
      @Nullable Scope ofModel,
      long newMaxOutput,
      long newRecordId) {
    reservation = of;
    provider = ofProvider;
    model = ofModel;
    maxOutput = newMaxOutput;
    recordId = newRecordId;
  }

  Hold hold() {
    return hold;
  }

  /// What each answer must be limited to so that the budgets can pay it, −1 for as the caller has
  /// it.
  public long maxOutput() {
    return maxOutput;
  }

  /// Whether a budget applies.
  public boolean isBudgeted() {
    return hold.applies();
  }

  /// Nano-dollars held; 0 where no budget applies.
  public long heldNanoUsd() {
    return hold.nanoUsd();
  }

  /// Whether a reply that has come to `nanoUsd` by now may go on: where that is more than is held,
  /// more is held, if the budgets have it.
  public boolean maySpend(long nanoUsd) {
    long missing = nanoUsd - hold.nanoUsd();
    if (!hold.applies() || missing <= 0) {
      return true;
    }
    return hold.take(Math.max(missing, hold.nanoUsd() / TOP_UPS)) == null
        || hold.take(missing) == null;
  }

  /// The attempt came to so much.
  ///
  /// @param costNanoUsd negative where unknown: then the budgets keep nothing of it
  public void settle(Usage usage, UsageSource source, long costNanoUsd, Outcome outcome) {
    end(usage.totalInput() + usage.totalOutput(), Math.max(0, costNanoUsd));
    if (recordId != Lane.FULL) {
      admission
          .lane()
          .settle(
              recordId, new Settlement(usage, source, costNanoUsd, outcome, admission.nowMillis()));
    }
    admission.rest(this);
  }

  /// The attempt came to nothing that anyone would bill.
  public void release() {
    end(0, 0);
    if (recordId != Lane.FULL) {
      admission.lane().release(recordId);
    }
    admission.rest(this);
  }

  private void end(long spentTokens, long spentNanoUsd) {
    Reservation ending = reservation;
    if (ending == null) {
      throw new IllegalStateException("a share that has ended");
    }
    reservation = null;
    long more = spentTokens - ending.tokens();
    provider.end(more);
    if (model != null) {
      model.end(more);
    }
    hold.settle(spentNanoUsd);
    ending.add(spentTokens);
  }
}
