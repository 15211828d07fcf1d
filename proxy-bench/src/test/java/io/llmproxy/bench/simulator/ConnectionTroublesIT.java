package io.llmproxy.bench.simulator;

import static io.llmproxy.bench.simulator.Asker.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What befalls whole connections of HTTP/2.
@Timeout(30)
final class ConnectionTroublesIT {

  private static Simulators start(Connections http2) throws Exception {
    return Simulators.start(SimulatorSettings.DEFAULT.withHttp2(http2));
  }

  @Test
  void saysGoAwayAfterATimeAndFinishesWhatRuns() throws Exception {
    try (Simulators simulators = start(new Connections(100, Duration.ofMillis(200)));
        Http2Asker asker = new Http2Asker(simulators, SimulatedProvider.OPENAI)) {
      Http2Asker.Answer running = asker.stream("sim-events=30,rate=50,bytes=11");
      assertThat(asker.goAway.get(5, TimeUnit.SECONDS)).isTrue();
      assertThat(running.ending()).isEqualTo("clean end");
      assertThat(count(running.body.toString(), "\"the answer \"")).isEqualTo(30);
      while (simulators.books().openConnections() > 0) {
        Thread.sleep(10);
      }
      assertThat(simulators.books().requests()).isEqualTo(1);
    }
  }

  @Test
  void nothingComesOfAHalfOpenConnectionAnyMoreForAnyStream() throws Exception {
    try (Simulators simulators = start(Connections.ENDURING);
        Http2Asker asker = new Http2Asker(simulators, SimulatedProvider.OPENAI)) {
      Http2Asker.Answer neighbour = asker.stream("sim-events=50,rate=50,bytes=11");
      Http2Asker.Answer last = asker.stream("sim-events=9,rate=100,bytes=11,halfopen=3");
      Thread.sleep(300);
      int seen = neighbour.body.length();
      assertThat(count(last.body.toString(), "\"the answer \"")).isEqualTo(3);
      Http2Asker.Answer later = asker.stream("sim-events=1");
      assertThatThrownBy(() -> later.head.get(1500, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(neighbour.body).hasSize(seen);
      assertThat(neighbour.end).isNotDone();
      assertThat(simulators.books().requests()).isEqualTo(2);
    }
  }

  @Test
  void takesSoManyStreamsAtOnce() throws Exception {
    try (Simulators simulators = start(new Connections(2, Duration.ZERO));
        Http2Asker asker = new Http2Asker(simulators, SimulatedProvider.OPENAI)) {
      assertThat(asker.stream("sim-events=1").ending()).isEqualTo("clean end");
      Http2Asker.Answer first = asker.stream("sim-stall=1");
      Http2Asker.Answer second = asker.stream("sim-stall=1");
      first.head.get(5, TimeUnit.SECONDS);
      second.head.get(5, TimeUnit.SECONDS);
      assertThatThrownBy(() -> asker.stream("sim-events=1").head.get(500, TimeUnit.MILLISECONDS))
          .isInstanceOf(Exception.class);
      assertThat(simulators.books().requests()).isEqualTo(3);
    }
  }

  @Test
  void aLongHeadGoesOverHttp2Too() throws Exception {
    try (Simulators simulators = start(Connections.ENDURING);
        Http2Asker asker = new Http2Asker(simulators, SimulatedProvider.OPENAI)) {
      Http2Asker.Answer answer = asker.stream("sim-events=1,head_bytes=4KiB");
      assertThat(answer.head.get(5, TimeUnit.SECONDS).get("x-filler-4096")).hasSize(1024);
    }
  }
}
