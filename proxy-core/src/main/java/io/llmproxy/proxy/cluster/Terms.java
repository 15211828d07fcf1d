package io.llmproxy.proxy.cluster;

/// What of a shared limit never changes. Amounts are in the limit's own units.
///
/// @param key the same in every proxy
/// @param limit of all proxies together
/// @param soft how far beyond its lease a proxy may go while the store is away
/// @param least what of a rate or of slots is of any use
/// @param endMillis when the period of a budget ends, Unix time; 0 for what has no end
record Terms(Kind kind, String key, long limit, long soft, long least, long endMillis) {

  private static final long KEPT_MILLIS = 86_400_000;
  private static final long KEPT_UNUSED_MILLIS = 300_000;
  private static final int STANDBY_PART = 10;

  /// How long the store keeps what it knows of it.
  long ttlMillis(long nowMillis) {
    return endMillis == 0 ? KEPT_UNUSED_MILLIS : endMillis - nowMillis + KEPT_MILLIS;
  }

  /// What each of `proxies` may use before it has heard from the store.
  long standby(int proxies) {
    return kind == Kind.BUDGET
        ? 0
        : Math.min(limit, Math.max(least, limit / STANDBY_PART / proxies));
  }
}
