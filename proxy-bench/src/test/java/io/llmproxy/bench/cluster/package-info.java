/// Proxies that share budgets through a real Redis.
@NullMarked
package io.llmproxy.bench.cluster;

import org.jspecify.annotations.NullMarked;
