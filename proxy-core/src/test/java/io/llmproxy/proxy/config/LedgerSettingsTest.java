package io.llmproxy.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.config.LedgerSettings.Durability;
import io.llmproxy.proxy.config.LedgerSettings.OnCrash;
import io.llmproxy.proxy.config.LedgerSettings.SharedLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `ledger` may say.
final class LedgerSettingsTest {

  @TempDir private Path directory;

  @Test
  void aConfigurationWithoutItHasNoLedger() {
    assertThat(file("").settings().ledger()).isNull();
  }

  @Test
  void aDirectoryIsEnoughAndStandsAgainstTheConfiguration() {
    assertThat(file("ledger: {dir: spent}").settings().ledger())
        .isEqualTo(
            new LedgerSettings(
                directory.resolve("spent"), Durability.STRICT, OnCrash.ESTIMATE, null));
  }

  @Test
  void readsAllOfIt() throws IOException {
    Files.writeString(directory.resolve("secret"), "s3cret\n");
    LedgerSettings settings =
        file("ledger: {dir: /a, durability: batched, on_crash: void, max_queued: 5000,"
                + " url: 'postgresql://db:5432/spent?sslmode=require', user: proxy,"
                + " password_file: secret, node: eu-1}")
            .settings()
            .ledger();
    SharedLedger shared =
        new SharedLedger(
            "jdbc:postgresql://db:5432/spent?sslmode=require",
            "proxy",
            new Secret("s3cret"),
            "eu-1");
    assertThat(settings)
        .isEqualTo(
            new LedgerSettings(Path.of("/a"), Durability.BATCHED, OnCrash.VOID, 5_000, shared));
    assertThat(String.valueOf(settings)).doesNotContain("s3cret");
  }

  @Test
  void needsItsDirectory() {
    assertThat(file("ledger: {durability: strict}").problems())
        .singleElement()
        .asString()
        .contains("ledger: needs dir");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://me:s3cret@db/spent",
        "postgresql://db/spent?user=me&PASSWORD=s3cret",
        "mysql://db/s3cret",
        "jdbc:sqlite:s3cret"
      })
  void anAddressWithAPasswordOrOfAnotherKindIsRefused(String url) {
    assertThat(file("ledger: {dir: d, url: \"${URL}\"}").problems(Map.of("URL", url)))
        .singleElement()
        .asString()
        .contains("ledger.url", "postgresql://HOST:PORT/DATABASE")
        .doesNotContain("s3cret");
  }

  @Test
  void whatBelongsToAnAddressIsRefusedWithoutOne() {
    assertThat(file("ledger: {dir: d, user: me, node: n}").problems())
        .hasSize(2)
        .allSatisfy(problem -> assertThat(problem).contains("has no meaning without url"));
  }

  private ConfigFile file(String ledger) {
    return ConfigFile.of(
        directory, "llmproxy:\n  providers: {glm: {api_key: k}}\n  " + ledger + "\n");
  }
}
