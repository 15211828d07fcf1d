/// The worker-side client: calls the proxy and survives it.
@org.jspecify.annotations.NullMarked
package io.llmproxy.client;
