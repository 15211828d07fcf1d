/// What each real provider refuses in a request, so that a wrong translation fails at the simulated
/// one as it would in life. What is not known to be refused is accepted.
@NullMarked
package io.llmproxy.bench.simulator.rules;

import org.jspecify.annotations.NullMarked;
