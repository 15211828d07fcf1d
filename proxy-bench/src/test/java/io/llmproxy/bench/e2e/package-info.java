/// The proxy over real sockets, before simulated providers.
@NullMarked
package io.llmproxy.bench.e2e;

import org.jspecify.annotations.NullMarked;
