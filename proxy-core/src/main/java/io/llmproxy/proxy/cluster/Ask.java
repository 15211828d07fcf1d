package io.llmproxy.proxy.cluster;

/// What a proxy says and asks of one shared limit, in micro-dollars.
///
/// @param key of the limit among all of them
/// @param floor the least that its lease can be, whatever the limit
/// @param committed spent and held here
/// @param want what its lease is to be: less than it is gives back, more asks for more
/// @param need the least raise that is of use; 0 for any
/// @param ttlMillis how long the store keeps the limit's state
record Ask(
    String key, long limit, long floor, long committed, long want, long need, long ttlMillis) {}
