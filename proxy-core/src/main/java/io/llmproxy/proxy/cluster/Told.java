package io.llmproxy.proxy.cluster;

/// What the store answers to an [Ask], in its units.
///
/// @param lease this proxy's, from now on; [#LOST] where it has none any more
/// @param elsewhere of a rate what is free; of all else what the other proxies have committed, as
///   they said last
/// @param hungry how many other proxies lately got less than they need
record Told(long lease, long elsewhere, int hungry) {
  static final long LOST = -1;
}
