package io.llmproxy.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.cli.Cli;
import io.llmproxy.proxy.cli.ExitStatus;
import io.llmproxy.proxy.cli.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class DemoIT {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), Map.of());
    return Cli.run(terminal, args);
  }

  @Test
  void streamsAChatThroughEachProviderAndSaysWhatItCost() {
    assertThat(run("demo")).as(err.toString()).isEqualTo(ExitStatus.SUCCESS);
    String said = out.toString();
    for (String provider : List.of("anthropic", "openai", "glm", "groq", "grok")) {
      Pattern row =
          Pattern.compile(
              "(?m)^"
                  + provider
                  + " +chat/completions +\\S+ +[0-9.]+ ms +\\d+ +22 +\\$0\\.0\\d+ +\\d+ µs$");
      assertThat(said).containsPattern(row);
    }
    assertThat(said.split("This answer is simulated\\. It comes word by word", -1)).hasSize(8);
  }

  @Test
  void refusesAnOptionItDoesNotHave() {
    assertThat(run("demo", "--kepe")).isEqualTo(ExitStatus.USAGE);
  }
}
