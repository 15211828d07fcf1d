package io.llmproxy.bench.quick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.bench.load.LoadPlan.Protocol;
import io.llmproxy.bench.load.LoadTotals;
import io.llmproxy.bench.load.LoadWindow;
import io.llmproxy.bench.load.Quantiles;
import io.llmproxy.bench.quick.LinuxProcess.Memory;
import io.llmproxy.bench.quick.StreamsResult.Cpu;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamsResultTest {
  private static final long MILLIS = 1_000_000L;
  private static final StreamsOptions OPTIONS =
      new StreamsOptions(
          100,
          20,
          Duration.ZERO,
          Duration.ofSeconds(30),
          Protocol.H2C,
          Duration.ofSeconds(2),
          List.of());

  private static Quantiles upTo(long nanos) {
    return new Quantiles(1, nanos, nanos, nanos, nanos, nanos);
  }

  private static List<String> flaws(LoadTotals totals, long gapNanos, long firstNanos) {
    LoadWindow window =
        new LoadWindow(1, 100, 1, upTo(1), upTo(firstNanos), upTo(1), upTo(gapNanos));
    Memory none = new Memory(0, 0);
    return new StreamsResult(OPTIONS, "", totals, window, new Cpu(0, 0, 0), none, none, none)
        .flaws();
  }

  @Test
  void findsNothingWrongWhenAllStreamsCameThrough() {
    assertThat(flaws(new LoadTotals(100, 60_000, 0, 0, null), 2_000 * MILLIS, MILLIS)).isEmpty();
  }

  @Test
  void countsAFailedStreamAsFlaw() {
    assertThat(flaws(new LoadTotals(99, 1, 1, 0, "status 502"), 1, 1))
        .containsExactly(
            "1 streams failed, first: status 502", "99 streams completed (expected: 100)");
  }

  @Test
  void countsAStreamThatNeverEndsAsFlaw() {
    assertThat(flaws(new LoadTotals(99, 1, 0, 1, null), 1, 1)).contains("1 streams never ended");
  }

  @Test
  void countsALongGapAsStall() {
    assertThat(flaws(new LoadTotals(100, 1, 0, 0, null), 2_001 * MILLIS, 1))
        .containsExactly("stall: a gap within a stream of 2001 ms (expected: at most 2000 ms)");
  }

  @Test
  void countsALongWaitForTheFirstEventAsStall() {
    assertThat(flaws(new LoadTotals(100, 1, 0, 0, null), 1, 3_000 * MILLIS))
        .containsExactly("stall: a wait for a first event of 3000 ms (expected: at most 2000 ms)");
  }

  @Test
  void spreadsStreamsOverConnections() {
    assertThat(List.of(OPTIONS.connections(), OPTIONS.streamsPerConnection(), OPTIONS.events()))
        .containsExactly(2, 50, 600);
  }

  @Test
  void refusesStreamsThatDoNotFillTheirConnections() {
    assertThatThrownBy(() ->
            new StreamsOptions(
                101,
                20,
                Duration.ZERO,
                Duration.ofSeconds(1),
                Protocol.H2C,
                Duration.ZERO,
                List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("multiple of 50");
  }
}
