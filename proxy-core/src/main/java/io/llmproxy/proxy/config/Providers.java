package io.llmproxy.proxy.config;

import java.util.List;
import java.util.Set;

/// The providers of a file: those that can be used, the names of those left out for want of a key,
/// and every name that stands in the file, so that one wrong provider makes no further problems.
record Providers(List<ProviderSettings> usable, Set<String> leftOut, Set<String> named) {}
