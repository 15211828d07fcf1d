package io.llmproxy.bench.simulator.rules;

/// What rules must know of a request beside its body.
///
/// @param model the model whose rules hold
/// @param version the `anthropic-version`; empty for others
/// @param beta whether it has an `anthropic-beta`
public record Asked(Endpoint endpoint, String model, String version, boolean beta) {}
