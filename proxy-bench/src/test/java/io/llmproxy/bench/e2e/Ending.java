package io.llmproxy.bench.e2e;

/// How the body of a reply ended, as its receiver can tell.
enum Ending {
  /// As its framing says: the last chunk, the announced length, END_STREAM.
  WHOLE,
  /// The connection was closed before that.
  CUT,
  /// RST_STREAM, or a reset of the connection.
  RESET
}
