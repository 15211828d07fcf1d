package io.llmproxy.bench.sdk;

import java.util.stream.Stream;

/// A stream that an SDK holds open: the texts as they come, and how to leave it.
record TextStream(Stream<String> texts, Runnable leaving) implements AutoCloseable {

  @Override
  public void close() {
    leaving.run();
  }
}
