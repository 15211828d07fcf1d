package io.llmproxy.bench.faults;

/// A reply as the caller got it.
///
/// @param status 0 where there was none
/// @param clean whether the body ended as HTTP says a body ends
/// @param nanos from asking to the body's end
public record Transcript(
    AskedDialect dialect, boolean streamed, int status, String body, boolean clean, long nanos) {}
