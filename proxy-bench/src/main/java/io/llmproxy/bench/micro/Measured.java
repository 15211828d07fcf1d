package io.llmproxy.bench.micro;

/// One line of the report.
///
/// @param text as people read it
/// @param inBounds whether it is as fast and as sparing as it has to be
record Measured(String text, boolean inBounds) {}
