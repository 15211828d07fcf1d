/// What must hold whatever the bytes: as plain tests over seeds and over every input that was ever
/// found to break something, and, under `scripts/fuzz`, over as many as there is time for.
@NullMarked
package io.llmproxy.provider.fuzz;

import org.jspecify.annotations.NullMarked;
