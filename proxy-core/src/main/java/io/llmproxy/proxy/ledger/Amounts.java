package io.llmproxy.proxy.ledger;

/// What was spent in the hour, day and month under way, in nano-dollars.
public record Amounts(long hour, long day, long month) {

  /// Nothing spent.
  public static final Amounts NONE = new Amounts(0, 0, 0);

  Amounts plus(Amounts other) {
    return new Amounts(hour + other.hour, day + other.day, month + other.month);
  }
}
