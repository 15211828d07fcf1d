package io.llmproxy.bench.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every script, over both protocols, ended by either side, gives its buffers back.
@Timeout(120)
final class SimulatorsLeakIT {

  private static final List<String> SCRIPTS =
      List.of(
          "claude-sonnet-5-5",
          "sim-events=300",
          "sim-events=30,rate=1000,stamp",
          "sim-cut=2",
          "sim-cut=700b",
          "sim-end=2",
          "sim-error_event=2",
          "sim-status=429",
          "sim-html",
          "sim-events=2,dribble",
          "sim-reset=head",
          "sim-sample=openai-chat-stream-tools",
          "sim-nonsense",
          "echo",
          "sim-events=9,goaway=3",
          "sim-events=9,close=3",
          "sim-events=9,drop=3");

  private final Queue<String> leaks = new ConcurrentLinkedQueue<>();
  private ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();

  @BeforeEach
  void watch() {
    before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ByteBufUtil.setLeakListener((_, records) -> leaks.add(records));
  }

  @AfterEach
  void stopWatching() {
    ByteBufUtil.setLeakListener(null);
    ResourceLeakDetector.setLevel(before);
  }

  /// A leak is reported when a buffer is made after its loss was noticed.
  private void assertNoLeak() {
    for (int i = 0; i < 5; i++) {
      System.gc();
      Unpooled.directBuffer(16).release();
    }
    assertThat(leaks).isEmpty();
  }

  @Test
  void noneOverHttp1() throws Exception {
    try (Simulators simulators = Simulators.start();
        Asker asker = new Asker(simulators)) {
      for (String script : SCRIPTS) {
        asker.attempt(SimulatedProvider.ANTHROPIC, script);
      }
      asker.open(SimulatedProvider.GROK, Asker.body("sim-stall=2", true, "")).body().close();
    }
    assertNoLeak();
  }

  @Test
  void noneOverHttp2() throws Exception {
    try (Simulators simulators = Simulators.start()) {
      for (String script : SCRIPTS) {
        try (Http2Asker asker = new Http2Asker(simulators, SimulatedProvider.GROQ)) {
          asker.open(Asker.body("sim-events=9000,rate=10", true, ""), true);
          Http2Asker.Open stalled = asker.open(Asker.body("sim-stall=2", true, ""), true);
          assertThat(asker.stream(script).end.get(20, TimeUnit.SECONDS)).isNotEmpty();
          stalled.cancel();
        }
      }
    }
    assertNoLeak();
  }
}
