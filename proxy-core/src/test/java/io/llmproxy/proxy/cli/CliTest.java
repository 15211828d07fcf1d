package io.llmproxy.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.price.Prices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the commands print, where, and how they end.
final class CliTest {
  @TempDir Path directory;

  @Test
  void refusesAnUnknownCommandWithASuggestion() {
    CliRun run = CliRun.of(Map.of(), "chekc");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("'chekc'", "check", "Try 'llmproxy --help'.");
  }

  @Test
  void refusesAnUnknownOption() {
    CliRun run = CliRun.of(Map.of(), "check", "--confg", "x");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("--confg", "--config", "Try 'llmproxy check --help'.");
  }

  @Test
  void refusesAnOptionWithoutItsValue() {
    assertThat(CliRun.of(Map.of(), "check", "--config").status()).isEqualTo(2);
  }

  @Test
  void refusesToRunWithoutACommand() {
    CliRun run = CliRun.of(Map.of());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("Which command?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "serve", "check", "models", "prices"})
  void helpsEverywhere(String command) {
    String[] args = command.isEmpty() ? new String[] {"--help"} : new String[] {command, "--help"};
    CliRun run = CliRun.of(Map.of(), args);
    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("Usage: llmproxy " + command).contains("78   wrong conf");
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "serve", "check", "models", "prices"})
  void tellsItsVersionEverywhere(String command) {
    String[] args =
        command.isEmpty() ? new String[] {"--version"} : new String[] {command, "--version"};
    CliRun run = CliRun.of(Map.of(), args);
    assertThat(run.status()).isZero();
    assertThat(run.out()).matches("llmproxy \\S+ \\(Java 25.*\\)\\R");
  }

  @Test
  void checkPrintsEachProblemOnALineAndEndsWith78() throws IOException {
    Path file = file("llmproxy:\n  log_levle: info\n  listen_addr: x\n");
    CliRun run = CliRun.of(Map.of(), "check", "--config", file.toString());
    assertThat(run.status()).isEqualTo(78);
    assertThat(run.out().lines())
        .containsExactly(
            file + ":2:3: unknown key \"log_levle\"; did you mean log_level?",
            file
                + ":3:16: listen_addr: \"x\" (expected: HOST:PORT, [IPV6]:PORT or :PORT, port 0 to"
                + " 65535)");
  }

  @Test
  void checkSaysThatAFileIsMissing() {
    CliRun run = CliRun.of(Map.of(), "check", "--config", "nowhere.yaml");
    assertThat(run.status()).isEqualTo(78);
    assertThat(run.out()).isEqualToIgnoringNewLines("nowhere.yaml:1:1: no such file");
  }

  @Test
  void checkPassesAGoodFileWithItsWarningsOnStandardError() throws IOException {
    Path file = file("llmproxy:\n  providers:\n    openai: {api_key: \"${K}\"}\n");
    CliRun run = CliRun.of(Map.of(), "check", "--config", file.toString());
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualToIgnoringNewLines(file + ": ok");
    assertThat(run.err())
        .contains(
            "warning: providers.openai: left out: environment variable K is not set (line 3)");
  }

  @Test
  void checkShowsNoSecret() throws IOException {
    Path file =
        file(
            "llmproxy:\n  providers:\n    openai: {api_key: \"${K}\"}\n  admin: {token: \"${K} ${K}\"}");
    CliRun run = CliRun.of(Map.of("K", "TOPSECRET"), "check", "--config", file.toString());
    assertThat(run.out() + run.err()).contains("admin.token").doesNotContain("TOPSECRET");
  }

  @Test
  void modelsRefusesAWrongFileOnStandardError() throws IOException {
    Path file = file("llmproxy: []\n");
    CliRun run = CliRun.of(Map.of(), "models", "--config", file.toString());
    assertThat(run.status()).isEqualTo(78);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith(file + ":1:11: ");
  }

  @Test
  void modelsListsEachNameOnceWhereItIsAnswered() throws IOException {
    Path file =
        file(
            """
            llmproxy:
              providers:
                glm:
                  api_key: k
                  models:
                    - {name: glm-5, alias: [fast, best], price: {input: 0.6, output: 2.25}}
                groq: {api_key: k, models: [llama]}
              routes:
                - {model: best, targets: [groq/llama, glm/glm-5]}
            """);
    CliRun run = CliRun.of(Map.of(), "models", "--config", file.toString());
    assertThat(run.status()).isZero();
    assertThat(run.out().lines().map(line -> line.replaceAll(" {2,}", " | ")))
        .containsExactly(
            "NAME | GOES TO | USD PER MILLION TOKENS (input / cached / write / output)",
            "best | groq/llama | unknown",
            " | glm/glm-5 | 0.6 / 0.6 / 0.6 / 2.25",
            "fast | glm/glm-5 | 0.6 / 0.6 / 0.6 / 2.25",
            "glm-5 | glm/glm-5 | 0.6 / 0.6 / 0.6 / 2.25",
            "llama | groq/llama | unknown",
            "glm/MODEL | any model of glm | unknown",
            "groq/MODEL | any model of groq | unknown");
  }

  @Test
  void pricesPrintsATableThatCanBeUsedAsItIs() throws IOException {
    CliRun printed = CliRun.of(Map.of(), "prices");
    Path table = Files.writeString(directory.resolve("p.json"), printed.out());
    CliRun checked = CliRun.of(Map.of(), "prices", "--check", table.toString());
    assertThat(checked.status()).isZero();
    assertThat(checked.out())
        .isEqualTo(table + ": ok, " + Prices.builtIn().rows().size() + " models\n");
  }

  @Test
  void pricesTellsWhereATableIsWrong() throws IOException {
    String wrong =
        """
        {"unit":"USD per million tokens","sources":{"us":"our contract"},"models":[
          {"provider":"openai","model":"a","input":1,"output":2,"source":"us","as_of":"2026-11"},
          {"provider":"openai","model":"b","input":-1,"output":2,"source":"us","as_of":"2026-11"}]}
        """;
    Path table = Files.writeString(directory.resolve("p.json"), wrong);
    CliRun run = CliRun.of(Map.of(), "prices", "--check", table.toString());
    assertThat(run.status()).isEqualTo(78);
    assertThat(run.out()).startsWith(table + ":3:").contains("b: input: negative: -1");
  }

  @Test
  void modelsShowsThePricesOfTheUsersOwnTable() throws IOException {
    String own =
        """
        {"unit":"USD per million tokens","sources":{"us":"our contract"},"models":[
          {"provider":"openai","model":"gpt-6.1-terra","input":7,"output":8,
           "source":"us","as_of":"2026-11"}]}
        """;
    Files.writeString(directory.resolve("own.json"), own);
    Path file =
        file(
            """
            llmproxy:
              prices: own.json
              providers:
                openai: {api_key: k, models: [gpt-6.1-terra, {name: o3, price: {input: 1, output: 2}}]}
            """);
    CliRun run = CliRun.of(Map.of(), "models", "--config", file.toString());
    assertThat(run.out()).contains("7 / 7 / 7 / 8").contains("1 / 1 / 1 / 2");
  }

  @Test
  void checkTellsWhatIsWrongWithTheUsersOwnTable() throws IOException {
    Path own = Files.writeString(directory.resolve("own.json"), "{\"models\":[{\"input\":1}]}");
    Path file = file("llmproxy:\n  prices: own.json\n  providers:\n    openai: {api_key: k}\n");
    CliRun run = CliRun.of(Map.of(), "check", "--config", file.toString());
    assertThat(run.status()).isEqualTo(78);
    assertThat(run.out()).contains(file + ":2:11: ", own + ":1:");
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(directory.resolve("c.yaml"), yaml);
  }
}
