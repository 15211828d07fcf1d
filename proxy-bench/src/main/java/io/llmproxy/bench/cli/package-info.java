/// The word `bench` of the command line.
@NullMarked
package io.llmproxy.bench.cli;

import org.jspecify.annotations.NullMarked;
