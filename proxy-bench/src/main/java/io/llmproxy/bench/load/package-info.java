/// The load client: many requests or streams in flight from one event loop, each reply checked.
///
/// A [LoadPlan] says what is sent and what must come back; [LoadClient] starts it as a [LoadRun];
/// every window of a run is read as a [LoadWindow].
@NullMarked
package io.llmproxy.bench.load;

import org.jspecify.annotations.NullMarked;
