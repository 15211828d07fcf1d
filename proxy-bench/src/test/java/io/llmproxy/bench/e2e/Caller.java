package io.llmproxy.bench.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;

/// A client on one connection of its own.
interface Caller extends AutoCloseable {

  /// Sends a request and reads its reply up to the end, whatever that is.
  Answer send(Ask ask) throws IOException, InterruptedException;

  @Override
  void close();

  /// What is spoken on a connection.
  enum Wire {
    H1,
    H2;

    /// Connects, in clear text; HTTP/2 by prior knowledge.
    Caller open(InetSocketAddress to) throws IOException {
      return this == H1 ? new Http1Caller(to) : new Http2Caller(to);
    }
  }
}
