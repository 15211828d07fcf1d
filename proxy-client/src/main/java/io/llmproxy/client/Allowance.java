package io.llmproxy.client;

/// How many tries may be repeated: a share of the calls that succeed, and ten at first. For one
/// thread.
final class Allowance {

  private static final int WHOLE = 100;
  private static final int MOST = 100 * WHOLE;
  private static final int AT_FIRST = 10 * WHOLE;

  private final int percent;
  private int left;

  Allowance(int percent) {
    this.percent = percent;
    this.left = percent == 0 ? 0 : AT_FIRST;
  }

  /// A call succeeded.
  void earn() {
    left = Math.min(MOST, left + percent);
  }

  /// Takes one, where there is one.
  boolean take() {
    if (left < WHOLE) {
      return false;
    }
    left -= WHOLE;
    return true;
  }
}
