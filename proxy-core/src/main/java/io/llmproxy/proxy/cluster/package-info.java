/// Budgets that many proxies share through Redis: each proxy holds a lease, debited when it is
/// granted, and refills it beside the path of requests. Nothing here is waited for by a request.
@NullMarked
package io.llmproxy.proxy.cluster;

import org.jspecify.annotations.NullMarked;
