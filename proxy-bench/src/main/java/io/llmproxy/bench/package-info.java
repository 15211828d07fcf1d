/// Simulated providers, load and reports.
@org.jspecify.annotations.NullMarked
package io.llmproxy.bench;
