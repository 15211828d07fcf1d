package io.llmproxy.proxy.config;

import org.jspecify.annotations.Nullable;

/// The Redis through which many proxies share limits and budgets.
///
/// @param name of the proxies that share; others may use the same Redis
/// @param node of this proxy among them, null for host and port
public record ClusterSettings(
    String host,
    int port,
    boolean tls,
    int database,
    @Nullable String user,
    @Nullable Secret password,
    String name,
    @Nullable String node) {}
