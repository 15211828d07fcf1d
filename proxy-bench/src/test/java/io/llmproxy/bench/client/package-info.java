/// The worker-side client before the proxy, the simulated providers behind it: all by real sockets.
@NullMarked
package io.llmproxy.bench.client;

import org.jspecify.annotations.NullMarked;
