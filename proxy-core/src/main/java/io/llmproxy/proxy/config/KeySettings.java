package io.llmproxy.proxy.config;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client's key, known by its hash alone.
///
/// @param models names or patterns such as `claude-*`; empty for all
/// @param expires from when on it is refused; null for never
public record KeySettings(
    String name,
    KeyHash hash,
    List<String> models,
    RateSettings rates,
    BudgetSettings budget,
    @Nullable Instant expires) {}
