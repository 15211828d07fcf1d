package io.llmproxy.proxy.cluster;

/// What the store answers to an [Ask], in micro-dollars.
///
/// @param lease this proxy's, from now on
/// @param committedElsewhere by all other proxies, as they said last
/// @param hungry how many other proxies lately got less than they need
record Told(long lease, long committedElsewhere, int hungry) {}
