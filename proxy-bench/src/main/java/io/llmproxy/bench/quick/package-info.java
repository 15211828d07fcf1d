/// Comparisons: the proxy beside plain proxies under the same loads, pinned, in interleaved rounds.
///
/// [QuickCommand] compares CPU time and delay; [StreamsCommand] holds many streams open through one
/// proxy and looks for stalls.
@NullMarked
package io.llmproxy.bench.quick;

import org.jspecify.annotations.NullMarked;
