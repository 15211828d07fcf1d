package io.llmproxy.proxy.cluster;

import java.util.List;

/// One call of a proxy to the store.
///
/// @param run when this process first spoke to the store, by the store's clock; 0 for not yet
/// @param seq greater with each call: one that comes late, or again, changes nothing
/// @param heard of the last one that was answered; a store that does not know of it has been set
///   back
/// @param epoch that the proxy knows, empty for none
/// @param newEpoch a part of one to be taken where the store has none, or lost what it knew
record Call(
    String node, long run, long seq, long heard, String epoch, String newEpoch, List<Ask> asks) {}
