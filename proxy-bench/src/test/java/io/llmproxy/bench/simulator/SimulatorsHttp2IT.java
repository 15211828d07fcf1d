package io.llmproxy.bench.simulator;

import static io.llmproxy.bench.simulator.Asker.body;
import static io.llmproxy.bench.simulator.Asker.count;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
final class SimulatorsHttp2IT {

  private Simulators simulators;
  private Http2Asker asker;

  @BeforeEach
  void start() throws Exception {
    simulators = Simulators.start();
    asker = new Http2Asker(simulators, SimulatedProvider.OPENAI);
  }

  @AfterEach
  void stop() {
    asker.close();
    simulators.close();
    assertThat(simulators.books().openStreams()).isZero();
    assertThat(simulators.books().openConnections()).isZero();
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void streamsTheSameBytesAsOverHttp1(SimulatedProvider provider) throws Exception {
    String model = "sim-events=400,think=3";
    String expected;
    try (Asker http1 = new Asker(simulators)) {
      expected = http1.stream(provider, model);
    }
    try (Http2Asker http2 = new Http2Asker(simulators, provider)) {
      Http2Asker.Answer answer = http2.stream(model);
      assertThat(answer.ending()).isEqualTo("clean end");
      assertThat(answer.body.toString()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cut=2,reset 2",
    "end=2,clean end",
    "error_event=2,clean end",
    "drop=2,connection closed",
    "close=2,connection closed"
  })
  void breaksOffAfterSoManyEvents(String fault, String ending) throws Exception {
    Http2Asker.Answer answer = asker.stream("sim-events=5,rate=100,bytes=11," + fault);
    assertThat(answer.ending()).isEqualTo(ending);
    assertThat(count(answer.body.toString(), "\"the answer \"")).isEqualTo(2);
    assertThat(answer.body.toString()).doesNotContain("[DONE]");
  }

  @Test
  void resetsBeforeTheHead() throws Exception {
    Http2Asker.Answer answer = asker.stream("sim-reset=head");
    assertThat(answer.ending()).isEqualTo("reset 2");
    assertThat(answer.head).isNotDone();
  }

  @Test
  void finishesAStreamAfterGoAway() throws Exception {
    Http2Asker.Answer answer = asker.stream("sim-events=5,rate=100,bytes=11,goaway=2");
    assertThat(asker.goAway.get(5, TimeUnit.SECONDS)).isTrue();
    assertThat(answer.ending()).isEqualTo("clean end");
    assertThat(count(answer.body.toString(), "\"the answer \"")).isEqualTo(5);
  }

  @Test
  void aResetOfOneStreamIsSeenSoonAndLeavesTheOthers() throws Exception {
    Http2Asker.Open gone = asker.open(body("sim-stall=3", true, ""), true);
    Http2Asker.Answer other = asker.stream("sim-events=20,rate=50");
    gone.answer().head.get(5, TimeUnit.SECONDS);
    long cancelled = System.nanoTime();
    gone.cancel();
    assertThat(other.ending()).isEqualTo("clean end");
    assertThat(simulators.books().cancellations())
        .singleElement()
        .satisfies(seen -> {
          assertThat(seen.model()).isEqualTo("sim-stall=3");
          assertThat(seen.nanoTime() - cancelled).isBetween(0L, 2_000_000_000L);
        });
  }

  @Test
  void aReaderThatStopsIsNotBufferedForWithoutBound() throws Exception {
    Http2Asker.Open stopped = asker.open(body("sim-events=200000,bytes=500", true, ""), false);
    long last = -1;
    for (long now = 0; now != last; now = simulators.books().bytesOut()) {
      last = now;
      Thread.sleep(200);
    }
    assertThat(last).isLessThan(512 * 1024);
    stopped.cancel();
  }

  @Test
  void aReaderThatStoppedGetsTheRestLater() throws Exception {
    Http2Asker.Open stopped = asker.open(body("sim-events=2000,rate=100000", true, ""), false);
    Thread.sleep(300);
    assertThat(stopped.answer().end).isNotDone();
    stopped.channel().config().setAutoRead(true);
    assertThat(stopped.answer().ending()).isEqualTo("clean end");
    assertThat(count(stopped.answer().body.toString(), "\"the answer goes \"")).isEqualTo(2000);
  }

  @Test
  void pacesManyStreamsOnOneConnection() throws Exception {
    List<Http2Asker.Answer> answers = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      answers.add(asker.stream("sim-events=20,rate=20,bytes=11,id=reply-" + i));
    }
    for (int i = 0; i < 500; i++) {
      Http2Asker.Answer answer = answers.get(i);
      assertThat(answer.ending()).isEqualTo("clean end");
      assertThat(count(answer.body.toString(), "\"id\":\"reply-" + i + "\"")).isEqualTo(22);
    }
    assertThat(simulators.books().requests()).isEqualTo(500);
  }

  @Test
  void readsABodySlowly() throws Exception {
    String body = body("echo-slow", false, ",\"user\":\"" + "x".repeat(30_000) + "\"");
    String slow = body.replace("echo-slow", "sim-echo,slowread=64KiB");
    long before = System.nanoTime();
    Http2Asker.Answer answer = asker.open(slow, true).answer();
    assertThat(answer.ending()).isEqualTo("clean end");
    assertThat(answer.body.toString()).contains("bytes " + slow.length());
    assertThat(System.nanoTime() - before).isGreaterThan(100_000_000L);
  }

  @Test
  void answersBeforeTheBodyIsThere() throws Exception {
    String body = body("sim-status=429,early", true, ",\"user\":\"" + "x".repeat(60_000) + "\"");
    Http2Asker.Answer answer = asker.open(body, true).answer();
    assertThat(answer.head.get(5, TimeUnit.SECONDS).status().toString()).isEqualTo("429");
  }
}
