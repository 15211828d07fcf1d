package io.llmproxy.provider.wire;

/// How many tokens one model makes of what [TokenEstimate] takes for one, learned from what its
/// replies report.
///
/// The first reports count alike, so that it is soon near; later ones count ever less the older
/// they are. A report on a short text, where what the provider adds outweighs the text, counts for
/// little, and none for more than a factor at the limit.
///
/// Belongs to one event loop: there is no lock, and no update allocates.
public final class TokenFactor {
  /// No model's vocabulary is that much better than o200k.
  public static final double LEAST = 0.5;

  /// No model's vocabulary is that much worse.
  public static final double MOST = 2.5;

  /// How many full reports are remembered; the weight of each older one is down by a share of that.
  private static final double MEMORY = 16;

  /// An estimate of this many tokens, or more, is a full report.
  private static final double FULL_TOKENS = 1000;

  private double factor;
  private double weight = 1;

  /// A factor that begins at 1.
  public TokenFactor() {
    this(1);
  }

  /// A factor that begins at `start`, which counts as one full report.
  public TokenFactor(double start) {
    factor = cut(start);
  }

  /// A model made `reported` tokens of what was estimated at `estimated`. Says nothing where one of
  /// them is not positive.
  public void learn(long estimated, long reported) {
    if (estimated <= 0 || reported <= 0) {
      return;
    }
    double share = Math.min(1, estimated / FULL_TOKENS);
    weight = Math.min(MEMORY, weight + share);
    factor += share / weight * (cut((double) reported / estimated) - factor);
  }

  /// What to multiply estimates by, from [#LEAST] to [#MOST].
  public double factor() {
    return factor;
  }

  /// Tokens the model is likely to make of what is estimated at `estimated`, rounded up.
  public long apply(long estimated) {
    return (long) Math.ceil(estimated * factor);
  }

  private static double cut(double factor) {
    return Math.clamp(factor, LEAST, MOST);
  }
}
