package io.llmproxy.provider.price;

import static io.llmproxy.provider.price.Rates.UNKNOWN;

/// The cost of an exchange where the provider may have said it itself.
///
/// @param nanoUsd what to charge; [Rates#UNKNOWN] where neither side knows
/// @param agreement how the two sides compare
public record ReportedCost(long nanoUsd, Agreement agreement) {
  /// xAI counts money in ticks: 10^10 of them are one dollar.
  public static final long TICKS_PER_NANO_USD = 10;

  /// How the provider's number compares with the one that the table of prices comes to.
  public enum Agreement {
    /// The provider said nothing: the table's number stands.
    NOT_REPORTED,
    /// The table knows no price: the provider's number stands.
    NOT_PRICED,
    /// Both say the same but for rounding.
    AGREES,
    /// They differ: the provider's number stands, the table wants a look.
    DIFFERS
  }

  /// What the provider reports goes before what the table says, since that is what it bills.
  ///
  /// @param ticks as in xAI's `cost_in_usd_ticks`; negative where it reports none
  /// @param computed from the table of prices, in nano-dollars; [Rates#UNKNOWN] where it has none
  public static ReportedCost ofTicks(long ticks, long computed) {
    if (ticks < 0) {
      return new ReportedCost(computed, Agreement.NOT_REPORTED);
    }
    long reported = ticks / TICKS_PER_NANO_USD + (ticks % TICKS_PER_NANO_USD >= 5 ? 1 : 0);
    if (computed == UNKNOWN) {
      return new ReportedCost(reported, Agreement.NOT_PRICED);
    }
    // Ticks are finer than nano-dollars, so that each side is off by less than one of the latter.
    boolean agrees = Math.abs(reported - computed) <= 1;
    return new ReportedCost(reported, agrees ? Agreement.AGREES : Agreement.DIFFERS);
  }
}
