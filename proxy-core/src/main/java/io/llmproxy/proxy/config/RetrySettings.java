package io.llmproxy.proxy.config;

import java.time.Duration;

/// How failed attempts are repeated.
///
/// @param maxAttempts the most attempts of one request; each target of its route may have one
/// @param baseDelay the most that is waited before the first repetition at a target; doubles
/// @param maxDelay the most that is ever waited, also where the provider names a time
/// @param budgetPercent the most repetitions at a provider, in percent of its successes
public record RetrySettings(
    int maxAttempts, Duration baseDelay, Duration maxDelay, int budgetPercent) {}
