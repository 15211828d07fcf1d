package io.llmproxy.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files that are broken, hostile, or no configuration at all.
final class HostileConfigTest {
  @TempDir Path directory;

  @Test
  void refusesAFileThatIsNotThere() {
    assertThat(new ConfigFile(directory.resolve("none.yaml")).problems())
        .containsExactly("1:1: no such file");
  }

  @Test
  void refusesADirectory() {
    assertThat(new ConfigFile(directory).problems())
        .singleElement()
        .asString()
        .startsWith("1:1: cannot be read");
  }

  @Test
  void refusesAnEmptyFile() {
    assertThat(ConfigFile.of(directory, "").problems())
        .containsExactly("1:1: empty (expected: the root key llmproxy)");
  }

  @Test
  void refusesAFileWithoutTheRootKey() {
    assertThat(ConfigFile.of(directory, "listen_addr: \":8080\"\n").problems())
        .containsExactly(
            "1:1: unknown key \"listen_addr\" (known: llmproxy)",
            "1:1: the root key llmproxy is missing: everything stands under it");
  }

  @Test
  void refusesMisspeltRootKeyWithASuggestion() {
    assertThat(ConfigFile.of(directory, "llm_proxy:\n  log_level: info\n").problems())
        .contains("1:1: unknown key \"llm_proxy\"; did you mean llmproxy?");
  }

  @Test
  void refusesAFileLongerThanItsLimit() {
    byte[] bytes = new byte[(1 << 20) + 1];
    Arrays.fill(bytes, (byte) '#');
    assertThat(ConfigFile.of(directory, bytes).problems())
        .containsExactly("1:1: longer than 1 MiB");
  }

  @Test
  void namesThePlaceOfAByteThatIsNotUtf8() {
    byte[] bytes = "llmproxy:\n  log_level: \"ü?\"\n".getBytes(StandardCharsets.UTF_8);
    bytes[bytes.length - 3] = (byte) 0xFF;
    assertThat(ConfigFile.of(directory, bytes).problems())
        .containsExactly("2:16: this byte is not UTF-8");
  }

  @Test
  void namesThePlaceOfAControlCharacter() {
    assertThat(ConfigFile.of(directory, "llmproxy:\n  log_level: \"a\u0007\"\n").problems())
        .containsExactly("2:16: not YAML: the character U+0007 is not allowed");
  }

  @Test
  void namesThePlaceWhereYamlBreaks() {
    assertThat(ConfigFile.of(directory, "llmproxy:\n  log_level: \"info\n  tls: [\n").problems())
        .singleElement()
        .asString()
        .startsWith("4:1: not YAML: ");
  }

  @Test
  void doesNotQuoteTheLinesAroundAnErrorOfYaml() {
    String yaml = "llmproxy:\n  providers:\n    openai:\n      api_key sk-secret-1\n      x: 1\n";
    assertThat(String.join("\n", ConfigFile.of(directory, yaml).problems()))
        .contains("not YAML")
        .doesNotContain("secret");
  }

  @Test
  void doesNotQuoteAnAliasThatWasMeantToBeAKey() {
    String yaml = "llmproxy:\n  providers:\n    openai:\n      api_key: *secret-key\n";
    assertThat(ConfigFile.of(directory, yaml).problems())
        .singleElement()
        .asString()
        .contains("4:")
        .doesNotContain("secret");
  }

  @Test
  void refusesASecondDocument() {
    assertThat(ConfigFile.of(directory, "llmproxy: {}\n---\nllmproxy: {}\n").problems())
        .singleElement()
        .asString()
        .contains("not YAML: but found another document");
  }

  @Test
  void refusesAKeyThatStandsTwice() {
    String yaml =
        """
        llmproxy:
          log_level: info
          log_level: debug
        """;
    assertThat(ConfigFile.of(directory, yaml).problems())
        .containsExactly("3:3: key \"log_level\" stands here twice");
  }

  @Test
  @Timeout(20)
  void refusesNestingWithoutEnd() {
    String yaml = "llmproxy: " + "[".repeat(100_000);
    assertThat(ConfigFile.of(directory, yaml).problems())
        .containsExactly("1:42: nested deeper than 32 levels");
  }

  @Test
  @Timeout(20)
  void refusesAliasesThatMultiply() {
    StringBuilder yaml = new StringBuilder("a: &a [x, x]\n");
    for (char c = 'b'; c <= 'z'; c++) {
      yaml.append(c).append(": &").append(c).append(" [");
      yaml.append("*").append((char) (c - 1)).append(", *").append((char) (c - 1)).append("]\n");
    }
    assertThat(ConfigFile.of(directory, yaml + "llmproxy: {routes: *z}\n").problems()).isNotEmpty();
  }

  @Test
  void refusesAListThatHoldsItself() {
    assertThat(ConfigFile.of(directory, "llmproxy:\n  routes: &r [*r]\n").problems())
        .isNotEmpty()
        .allMatch(problem -> problem.startsWith("2:"));
  }

  @Test
  void refusesATagThatNamesAClass() {
    assertThat(
            ConfigFile.of(directory, "llmproxy:\n  log_level: !!java.net.URL http://x\n")
                .problems())
        .containsExactly(
            "2:14: log_level: a YAML tag is not allowed here (expected: a single value)");
  }

  @Test
  void refusesAKeyThatIsAList() {
    assertThat(ConfigFile.of(directory, "llmproxy:\n  ? [a, b]\n  : 1\n").problems())
        .containsExactly("2:5: a key must be a plain word");
  }

  @Test
  void keepsEachProblemOnOneLineWhateverTheFileHolds() {
    String yaml = "llmproxy:\n  \"a\\nb\\u001b[2J\": 1\n";
    assertThat(ConfigFile.of(directory, yaml).problems())
        .singleElement()
        .asString()
        .startsWith("2:3: unknown key \"a\\u000ab\\u001b[2J\"")
        .doesNotContain("\n", "\u001b");
  }

  @Test
  void takesWhatAVariableHoldsAsTextNeverAsYaml() {
    String yaml =
        """
        llmproxy:
          log_level: ${LEVEL}
        """;
    assertThat(
            ConfigFile.of(directory, yaml)
                .problems(Map.of("LEVEL", "info\n  allow_anonymous: true")))
        .containsExactly(
            "2:14: log_level: \"${LEVEL}\" (expected: off, error, warn, info, debug, trace)");
  }

  @Test
  void readsAFileWithAByteOrderMark() {
    assertThat(
            ConfigFile.of(directory, "\uFEFFllmproxy: {log_level: debug}\n").settings().logging())
        .extracting(Settings.LoggingSettings::level)
        .isEqualTo("DEBUG");
  }
}
