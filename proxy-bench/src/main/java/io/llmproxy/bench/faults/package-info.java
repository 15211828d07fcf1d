/// The scorecard of faults: sixteen ways in which a provider fails, each met by requests through
/// the proxy in each dialect, and judged from both sides.
///
/// What is expected of each is data: see [FaultCase]. From the caller's side the text, the end, the
/// status, the usage and the time are judged; from the providers' side how often each target was
/// asked, and that the proxy's own accounts agree with the providers' books.
@NullMarked
package io.llmproxy.bench.faults;

import org.jspecify.annotations.NullMarked;
