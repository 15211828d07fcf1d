package io.llmproxy.proxy.admission;

/// Whether an attempt may be made: a [Share] of a reservation, or a [Denial].
public sealed interface Decision permits Share, Denial {}
