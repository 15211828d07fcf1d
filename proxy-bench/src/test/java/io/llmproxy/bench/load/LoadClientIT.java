package io.llmproxy.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.bench.load.LoadPlan.Protocol;
import io.llmproxy.bench.load.LoadPlan.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoadClientIT {
  private static final String STREAM = "data: {\"t=1\"}\n\n".repeat(20) + "data: [DONE]\n\n";
  private static final Duration SOON = Duration.ofSeconds(20);

  private static LoadPlan plan(Target target, boolean repeat, Expectation expected) {
    boolean http1 = target.protocol() == Protocol.HTTP_1_1;
    RequestTemplate request = new RequestTemplate("test", "/v1", List.of(), "{\"ask\":1}");
    return new LoadPlan(
        target, http1 ? 20 : 4, http1 ? 1 : 5, Duration.ZERO, repeat, request, expected);
  }

  /// Twenty in flight until two hundred are done, then no more.
  private static LoadTotals twoHundred(Protocol protocol, String body, Expectation expected)
      throws IOException, InterruptedException {
    try (TinyServer server = new TinyServer(protocol, body);
        LoadClient client = new LoadClient();
        LoadRun run = client.start(plan(new Target(server.address(), protocol), true, expected))) {
      long deadline = System.nanoTime() + SOON.toNanos();
      while (run.totals().completed() < 200
          && run.totals().failed() == 0
          && System.nanoTime() - deadline < 0) {
        Thread.sleep(5);
      }
      assertThat(run.finish(SOON)).as("%s of %d asked", run.totals(), server.requests()).isTrue();
      assertThat((long) server.requests())
          .as("%s", run.totals())
          .isEqualTo(run.totals().completed() + run.totals().failed());
      return run.totals();
    }
  }

  @ParameterizedTest
  @EnumSource
  void completesTwoHundredRequests(Protocol protocol) throws Exception {
    LoadTotals totals = twoHundred(protocol, "hello", Expectation.body(5));
    assertThat(totals)
        .matches(seen -> seen.completed() >= 200 && seen.failed() == 0 && seen.inFlight() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void countsEveryEventOfStreams(Protocol protocol) throws Exception {
    LoadTotals totals = twoHundred(protocol, STREAM, Expectation.stream(20, "t="));
    assertThat(totals.events()).isEqualTo(totals.completed() * 20);
  }

  @ParameterizedTest
  @EnumSource
  void failsOnAShortBody(Protocol protocol) throws Exception {
    LoadTotals totals = twoHundred(protocol, "hell", Expectation.body(5));
    assertThat(totals.firstFailure()).isEqualTo("body of 4 bytes (expected: 5)");
  }

  @ParameterizedTest
  @EnumSource
  void failsOnAStreamThatLacksAnEvent(Protocol protocol) throws Exception {
    LoadTotals totals = twoHundred(protocol, STREAM, Expectation.stream(21, "t="));
    assertThat(totals.firstFailure()).isEqualTo("stream of 20 events (expected: 21)");
  }

  @ParameterizedTest
  @EnumSource
  void failsOnAStreamWithoutItsEnd(Protocol protocol) throws Exception {
    LoadTotals totals = twoHundred(protocol, "data: 1\n\n", Expectation.stream(1, ""));
    assertThat(totals.firstFailure()).isEqualTo("stream without data: [DONE] at its end");
  }

  @ParameterizedTest
  @EnumSource
  void failsOnAnotherStatus(Protocol protocol) throws Exception {
    LoadTotals totals = twoHundred(protocol, "hello", new Expectation(201, 5, 0, ""));
    assertThat(totals.firstFailure()).isEqualTo("status 200 (expected: 201)");
  }

  @ParameterizedTest
  @EnumSource
  void failsWhatIsInFlightWhenThePeerCloses(Protocol protocol) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        LoadClient client = new LoadClient()) {
      Target target = new Target((InetSocketAddress) server.getLocalSocketAddress(), protocol);
      try (LoadRun run = client.start(plan(target, true, Expectation.body(5)))) {
        int connections = protocol == Protocol.HTTP_1_1 ? 20 : 4;
        for (int i = 0; i < connections; i++) {
          server.accept().close();
        }
        assertThat(run.finish(SOON)).isTrue();
        assertThat(run.totals().failed()).isEqualTo(20);
      }
    }
  }

  @Test
  void sendsEachPlaceOnceWhenNotToldToRepeat() throws Exception {
    try (TinyServer server = new TinyServer(Protocol.H2C, "hello");
        LoadClient client = new LoadClient();
        LoadRun run =
            client.start(
                plan(new Target(server.address(), Protocol.H2C), false, Expectation.body(5)))) {
      long deadline = System.nanoTime() + SOON.toNanos();
      while (run.totals().completed() < 20 && System.nanoTime() - deadline < 0) {
        Thread.sleep(5);
      }
      Thread.sleep(50);
      assertThat(server.requests()).isEqualTo(20);
    }
  }

  @Test
  void saysThatNobodyListens() throws Exception {
    InetSocketAddress nobody;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = (InetSocketAddress) server.getLocalSocketAddress();
    }
    try (LoadClient client = new LoadClient()) {
      LoadPlan plan = plan(new Target(nobody, Protocol.HTTP_1_1), true, Expectation.body(5));
      assertThatThrownBy(() -> client.start(plan))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot connect");
    }
  }
}
