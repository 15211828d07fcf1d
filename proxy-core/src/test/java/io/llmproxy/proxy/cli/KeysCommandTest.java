package io.llmproxy.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.auth.ClientKey;
import io.llmproxy.proxy.config.KeyHash;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// `keys new`.
final class KeysCommandTest {

  private static CliRun run(String... args) {
    return CliRun.of(Map.of(), args);
  }

  @Test
  void printsTheKeyOnceAndAnEntryWithItsHashAlone() {
    CliRun run = run("keys", "new", "ci");
    List<String> lines = run.out().lines().toList();
    String key = lines.getFirst();
    assertThat(run.status()).isZero();
    assertThat(ClientKey.isKey(key)).isTrue();
    assertThat(lines.subList(1, lines.size()))
        .containsExactly(
            "- name: \"ci\"",
            "  hash: \"" + KeyHash.ofKey(key.getBytes(StandardCharsets.UTF_8)) + "\"");
    assertThat(run.err()).doesNotContain(key);
  }

  @Test
  void refusesNamesThatYamlWouldMisread() {
    CliRun run = run("keys", "new", "a\"b: c");
    assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("NAME: expected: 1 to 64 letters");
  }

  @Test
  void needsACommandAndAName() {
    assertThat(run("keys").status()).isEqualTo(ExitStatus.USAGE);
    assertThat(run("keys", "new").status()).isEqualTo(ExitStatus.USAGE);
  }
}
