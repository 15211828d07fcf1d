/// The proxy as its users meet it: official SDKs and plain clients before it, simulated providers
/// behind it, real sockets between.
@NullMarked
package io.llmproxy.bench.sdk;

import org.jspecify.annotations.NullMarked;
