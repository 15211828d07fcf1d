/// Limits and budgets that many proxies share through Redis: each proxy holds leases, debited when
/// they are granted, and refills them beside the path of requests. Nothing here is waited for by a
/// request.
@NullMarked
package io.llmproxy.proxy.cluster;

import org.jspecify.annotations.NullMarked;
