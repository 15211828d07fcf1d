package io.llmproxy.bench.load;

import org.jspecify.annotations.Nullable;

/// Where a load stands, counted from its start.
///
/// @param completed replies that ended, whole and as expected
/// @param firstFailure why the first request that failed did; null where none has
public record LoadTotals(
    long completed, long events, long failed, int inFlight, @Nullable String firstFailure) {}
