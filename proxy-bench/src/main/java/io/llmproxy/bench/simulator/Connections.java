package io.llmproxy.bench.simulator;

import java.time.Duration;

/// How the simulators' HTTP/2 connections behave, whatever goes over them.
///
/// @param streams how many streams a connection may have open at once
/// @param goAwayEvery how long a connection takes new streams: then it sends GOAWAY, finishes what
///   runs and closes; zero is for ever
public record Connections(int streams, Duration goAwayEvery) {

  /// As good as any number of streams, and no end.
  static final Connections ENDURING = new Connections(20_000, Duration.ZERO);
}
