package io.llmproxy.bench.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sim-evnets=3",
        "sim-events",
        "sim-events=",
        "sim-events=-1",
        "sim-events=99999999999",
        "sim-rate=NaN",
        "sim-rate=-1",
        "sim-ttft=3weeks",
        "sim-status=99",
        "sim-reset=tail",
        "sim-cut=",
        "sim-cut=4x",
        "sim-bytes=3GiB",
        "sim-loud",
        "sim-tools=129",
        "sim-args=some",
        "sim-shape=round",
        "sim-sse=braille",
        "sim-should_retry=perhaps"
      })
  void refusesWhatItDoesNotKnow(String model) {
    assertThatThrownBy(() -> Script.ofModel(model)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"250us,250000", "50ms,50000000", "7,7000000", "2s,2000000000", "1m,60000000000"})
  void readsTimes(String time, long nanos) {
    assertThat(Script.parse("ttft=" + time).ttftNanos()).isEqualTo(nanos);
  }

  @Test
  void readsAllOfALongScript() {
    Script script = Script.ofModel("sim-events=100,rate=20,ttft=50ms,bytes=4KiB,cut=37b,stamp");
    assertThat(script)
        .extracting(Script::events, Script::rate, Script::bytes, Script::stamp, Script::fault)
        .containsExactly(100, 20.0, 4096, true, new Fault(Fault.Kind.CUT, 37, true));
  }

  @Test
  void takesANameFromItsFile(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("s.yaml"), "slow-model: \"events=3,rate=2\"\n");
    assertThat(Scripts.load(file).script("slow-model").events()).isEqualTo(3);
  }

  @Test
  void refusesAFileThatIsNoMap(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("s.yaml"), "- a\n");
    assertThatThrownBy(() -> Scripts.load(file)).hasMessageContaining("expected model names");
  }
}
