package io.llmproxy.bench.load;

/// What every reply of a load must be; a reply that is anything else is a failure.
///
/// @param bodyBytes the body's exact length, or -1 where it varies
/// @param events events before `data: [DONE]`; 0 for a reply that is not a stream
/// @param stampMark what stands in each event right before its decimal send time; may be empty
public record Expectation(int status, long bodyBytes, int events, String stampMark) {

  /// A 200 of exactly this many bytes.
  public static Expectation body(long bytes) {
    return new Expectation(200, bytes, 0, "");
  }

  /// A 200 of exactly this many events, then `data: [DONE]`.
  public static Expectation stream(int events, String stampMark) {
    return new Expectation(200, -1, events, stampMark);
  }

  boolean streamed() {
    return events > 0;
  }
}
