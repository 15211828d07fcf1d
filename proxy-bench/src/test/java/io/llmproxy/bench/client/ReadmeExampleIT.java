package io.llmproxy.bench.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The README's example of the client compiles, works, and is the one that is tested.
@Timeout(30)
final class ReadmeExampleIT {

  private static final Path SOURCE =
      Path.of("src/test/java/io/llmproxy/bench/client/WorkerExample.java");

  @Test
  void works() throws Exception {
    try (ClientBed bed = new ClientBed("")) {
      String answer = WorkerExample.ask(bed.url(), bed.url(), "openai/sim-words,events=12");
      assertThat(answer).startsWith("This answer is simulated.");
      assertThat(WorkerExample.ask(bed.url(), bed.url(), "no-such-model"))
          .startsWith("CALLER: ")
          .contains("no-such-model");
    }
  }

  @Test
  void isTheOneInTheReadme() throws IOException {
    String readme = Files.readString(Path.of("../README.md"));
    String source = Files.readString(SOURCE);
    String imports = source.substring(source.indexOf("import "), source.indexOf("\n///"));
    String method = source.substring(source.indexOf("  static String ask"));
    String body = method.substring(0, method.lastIndexOf("}")).stripTrailing().stripIndent();
    assertThat(readme).contains("```java\n" + imports + "\n" + body + "\n```");
  }
}
