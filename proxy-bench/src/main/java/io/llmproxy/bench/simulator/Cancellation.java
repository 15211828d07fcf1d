package io.llmproxy.bench.simulator;

/// A reply whose client went away before its end.
///
/// @param nanoTime when that was seen, on System.nanoTime's clock
/// @param events content events written by then
public record Cancellation(SimulatedProvider provider, String model, long nanoTime, int events) {}
