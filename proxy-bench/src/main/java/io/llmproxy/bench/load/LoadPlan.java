package io.llmproxy.bench.load;

import java.net.InetSocketAddress;
import java.time.Duration;

/// A load: where it goes, how much is in flight, what is sent and what must come back.
///
/// @param connections how many connections, all opened before the first request
/// @param streamsPerConnection requests in flight on each; 1 for HTTP/1.1
/// @param ramp over how long the first requests are spread
/// @param repeat whether an ended reply is followed by the next request
public record LoadPlan(
    Target target,
    int connections,
    int streamsPerConnection,
    Duration ramp,
    boolean repeat,
    RequestTemplate request,
    Expectation expected) {

  /// How requests travel.
  public enum Protocol {
    HTTP_1_1,
    /// HTTP/2 without TLS, by prior knowledge.
    H2C
  }

  /// A server and how it is spoken to.
  public record Target(InetSocketAddress address, Protocol protocol) {}

  public LoadPlan {
    if (connections < 1 || streamsPerConnection < 1) {
      throw new IllegalArgumentException(
          "connections, streamsPerConnection: "
              + connections
              + ", "
              + streamsPerConnection
              + " (expected: at least 1 of each)");
    }
    if (target.protocol() == Protocol.HTTP_1_1 && streamsPerConnection != 1) {
      throw new IllegalArgumentException(
          "streamsPerConnection: " + streamsPerConnection + " (expected: 1 over HTTP/1.1)");
    }
  }

  /// Requests in flight at most.
  public int inFlight() {
    return connections * streamsPerConnection;
  }
}
