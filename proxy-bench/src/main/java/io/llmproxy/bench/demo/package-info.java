/// The main job with nothing else at hand: simulated providers, the proxy before them, a client.
@NullMarked
package io.llmproxy.bench.demo;

import org.jspecify.annotations.NullMarked;
