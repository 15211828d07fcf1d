package io.llmproxy.bench.quick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.bench.quick.ProcText.CoreTime;
import io.llmproxy.bench.quick.ProcText.ThreadTime;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcTextTest {

  @Test
  void readsTimesBehindANameWithSpacesAndBrackets() {
    String stat = "4711 (a) (b c) S 1 4711 4711 0 -1 4194560 1 2 3 4 120 30 0 0 20 0 1 0";
    assertThat(ProcText.processTickNanos(stat)).isEqualTo(1_500_000_000L);
  }

  @Test
  void refusesAStatWithoutName() {
    assertThatThrownBy(() -> ProcText.processTickNanos("4711 S 1"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsAThreadsNanoseconds() {
    assertThat(ProcText.thread("123456789 78867 12\n"))
        .isEqualTo(new ThreadTime(123_456_789L, 78_867L));
  }

  @Test
  void readsOneCoreAmongMany() {
    String stat =
        """
        cpu  9 9 9 9 9 9 9 9 9 9
        cpu1 1 2 3 400 500 6 7 8 0 0
        cpu11 9 9 9 9 9 9 9 9 9 9
        intr 1
        """;
    assertThat(ProcText.core(stat, 1)).isEqualTo(new CoreTime(190_000_000L, 80_000_000L));
  }

  @Test
  void refusesACoreThatIsNotThere() {
    assertThatThrownBy(() -> ProcText.core("cpu0 1 2 3 4 5 6 7 8\n", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsMemorySizes() {
    String status = "Name:\tx\nVmRSS:\t  12345 kB\nRssAnon:\t     678 kB\n";
    assertThat(ProcText.statusKib(status, "RssAnon")).isEqualTo(678);
  }

  @Test
  void takesTheSchedulersFiguresWhereNoThreadHasEnded() {
    CpuReading before = new CpuReading(Map.of(1L, 100L, 2L, 50L), 0, 7);
    CpuReading after = new CpuReading(Map.of(1L, 700L, 2L, 50L, 3L, 5L), 10_000_000L, 7);
    assertThat(before.nanosUntil(after)).isEqualTo(605L);
  }

  @Test
  void takesTicksWhereAThreadHasEnded() {
    CpuReading before = new CpuReading(Map.of(1L, 100L, 2L, 50L), 0, 7);
    CpuReading after = new CpuReading(Map.of(1L, 700L), 40_000_000L, 3);
    assertThat(before.nanosUntil(after)).isEqualTo(40_000_000L);
  }

  @Test
  void sumsUpWaitsButNeverLessThanNone() {
    CpuReading before = new CpuReading(Map.of(1L, 100L), 0, 7);
    CpuReading threadsGone = new CpuReading(Map.of(), 0, 3);
    assertThat(before.waitNanosUntil(threadsGone)).isZero();
    assertThat(threadsGone.waitNanosUntil(before)).isEqualTo(4);
  }

  @Test
  void seesThisProcessAtWork() throws IOException {
    LinuxProcess self = new LinuxProcess(ProcessHandle.current());
    CpuReading before = self.cpu();
    long begin = System.nanoTime();
    long sum = 0;
    while (System.nanoTime() - begin < 100_000_000L) {
      sum += begin;
    }
    assertThat(before.nanosUntil(self.cpu())).as("after %d", sum).isGreaterThan(20_000_000L);
  }
}
