package io.llmproxy.bench.load;

/// What a load saw between two instants.
///
/// @param completed replies that ended, whole and as expected
/// @param events stream events received, of ended and of running streams
/// @param latency from request to the end of its reply
/// @param firstEvent from request to the first event
/// @param eventDelay from the sender's stamp to arrival
/// @param gap between one event of a stream and the next
public record LoadWindow(
    long nanos,
    long completed,
    long events,
    Quantiles latency,
    Quantiles firstEvent,
    Quantiles eventDelay,
    Quantiles gap) {}
