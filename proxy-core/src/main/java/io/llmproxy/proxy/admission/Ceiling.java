package io.llmproxy.proxy.admission;

import io.llmproxy.provider.price.Price;

/// What an attempt may cost at most, and how long its answer may be for that.
///
/// @param price the target's
/// @param mostOutput tokens of each answer that the caller allows, else that the model has
/// @param open whether the caller did not say how long an answer may be
record Ceiling(Price price, Demand demand, long mostOutput, boolean open) {

  /// A model whose longest answer nobody has told.
  static final int UNKNOWN_MODEL_OUTPUT = 131_072;

  /// An answer that must be shorter is none.
  private static final int LEAST_OUTPUT = 16;

  /// What an answer of unsaid length is left at least, if the budgets have it.
  private static final int USUAL_OUTPUT = 4_096;

  /// The part of what is left of a budget that an answer of unsaid length may have.
  private static final int PART = 20;

  /// What answers of at most `output` tokens cost at most, nano-dollars.
  long nanoUsd(long output) {
    long all = demand.hasOutput() ? saturated(output, demand.choices()) : 0;
    return price.ceilingNanoUsd(demand.mostInput(), all, demand.urgent());
  }

  private static long saturated(long a, long b) {
    return a == 0 || b <= Long.MAX_VALUE / a ? a * b : Long.MAX_VALUE;
  }

  /// What each answer is to be limited to where `left` nano-dollars are left: −1 for as the caller
  /// has it, 0 where the budgets cannot pay even a short one.
  ///
  /// One that says how long its answer may be has what it asks for, if the budgets can pay it. One
  /// that does not has no more than a part of what is left, so that others find something too.
  long limitedTo(long left) {
    long wanted = nanoUsd(mostOutput);
    if (wanted <= (open ? left / PART : left)) {
      return -1;
    }
    if (!demand.hasOutput()) {
      return 0;
    }
    long affordable = affordable(left);
    if (affordable < LEAST_OUTPUT) {
      return 0;
    }
    return open
        ? Math.min(affordable, Math.max(USUAL_OUTPUT, affordable(left / PART)))
        : affordable;
  }

  /// The longest answer that `left` nano-dollars pay for.
  private long affordable(long left) {
    long low = 0;
    long high = mostOutput;
    while (low < high) {
      long middle = low + (high - low + 1) / 2;
      if (nanoUsd(middle) <= left) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return nanoUsd(low) <= left ? low : 0;
  }
}
