package io.llmproxy.proxy.ledger;

/// A reservation as it is written down: who asked whom, and what is held for it.
///
/// @param requestId the exchange's id
/// @param attempt counted from 1
/// @param key the name of the caller's key, empty where it has none
/// @param heldNanoUsd the most it may cost, in nano-dollars; negative where nobody knows the price
/// @param atMillis Unix time
public record Entry(
    String requestId,
    int attempt,
    String key,
    String provider,
    String model,
    long heldNanoUsd,
    long atMillis) {}
