package io.llmproxy.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.config.LoadResult.Refused;
import io.llmproxy.proxy.config.Settings.Address;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where the proxy binds, and to whom it refuses to open itself unasked.
final class ListenRuleTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0:8080",
        "[::]:8080",
        "192.168.1.5:8080",
        "example.org:8080",
        "localhost.example.org:80",
        "[fe80::1]:80",
        "[::ffff:8.8.8.8]:80"
      })
  void refusesToOpenItselfToOthersWithoutKeys(String address) {
    assertThat(file("listen_addr: \"" + address + "\"").problems())
        .singleElement()
        .asString()
        .startsWith("2:16: listen_addr: no client keys: whoever can reach ")
        .contains("allow_anonymous: true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1:1", "127.8.8.8:1", "localhost:1", "[::1]:1", "[::ffff:127.0.0.1]:1"})
  void bindsLoopbackWithoutKeys(String address) {
    assertThat(file("listen_addr: \"" + address + "\"").settings().warnings())
        .contains("listen_addr: no client keys: anyone on this machine may use the proxy");
  }

  @Test
  void bindsLoopbackWhereNoHostIsGiven() {
    Settings settings = file("listen_addr: \":9000\"").settings();
    assertThat(settings.listen()).isEqualTo(new Address("127.0.0.1", 9000));
    assertThat(settings.warnings())
        .contains(
            "listen_addr: no client keys: listening on 127.0.0.1:9000, for this machine alone"
                + " (to serve others: allow_anonymous: true)");
  }

  @Test
  void bindsEveryAddressWhereAnonymousUseIsAllowed() {
    Settings settings = file("listen_addr: \":9000\"\n  allow_anonymous: true").settings();
    assertThat(settings.listen()).isEqualTo(new Address("0.0.0.0", 9000));
    assertThat(settings.warnings())
        .contains("listen_addr: no client keys: whoever can reach 0.0.0.0:9000 may use the proxy");
  }

  @Test
  void holdsTheCommandLineToTheSameRule() {
    ConfigFile file = file("log_level: info");
    LoadResult result = SettingsLoader.load(file.path(), Map.of(), new Address("0.0.0.0", 80));
    assertThat(result).isInstanceOf(Refused.class);
    assertThat(((Refused) result).problems())
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .startsWith("--listen: no client keys: whoever can reach 0.0.0.0:80 could use the proxy");
  }

  @Test
  void letsTheCommandLineStandInForTheFile() {
    ConfigFile file = file("listen_addr: \"0.0.0.0:8080\"");
    LoadResult result = SettingsLoader.load(file.path(), Map.of(), new Address("127.0.0.1", 0));
    assertThat(((LoadResult.Loaded) result).settings().listen())
        .isEqualTo(new Address("127.0.0.1", 0));
  }

  @Test
  void refusesTheAdminPortBeyondLoopbackWithoutAToken() {
    assertThat(file("admin: {listen_addr: \"0.0.0.0:8081\"}").problems())
        .containsExactly(
            "2:24: admin.listen_addr: the admin port may leave loopback only with admin.token");
  }

  @Test
  void opensTheAdminPortWithAToken() {
    Settings settings = file("admin: {listen_addr: \":9001\", token: t0ken}").settings();
    assertThat(settings.admin().listen()).isEqualTo(new Address("0.0.0.0", 9001));
  }

  @Test
  void keepsTheAdminPortOnLoopbackByDefault() {
    assertThat(file("log_level: info").settings().admin().listen())
        .isEqualTo(new Address("127.0.0.1", 8081));
    assertThat(file("admin: {listen_addr: \":9001\"}").settings().admin().listen())
        .isEqualTo(new Address("127.0.0.1", 9001));
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1:8081, 127.0.0.1:8081", "':8081', localhost:8081"})
  void refusesOnePortForBoth(String data, String admin) {
    ConfigFile file =
        file(
            "listen_addr: \"%s\"\n  allow_anonymous: true\n  admin: {listen_addr: \"%s\"}"
                .formatted(data, admin));
    assertThat(file.problems())
        .containsExactly("4:24: admin.listen_addr: port 8081 is that of listen_addr too");
  }

  @Test
  void refusesTheAdminsDefaultPortForData() {
    assertThat(file("listen_addr: \":8081\"").problems())
        .containsExactly("1:1: admin.listen_addr: port 8081 is that of listen_addr too");
  }

  private ConfigFile file(String lines) {
    return ConfigFile.of(directory, "llmproxy:\n  " + lines + "\n");
  }
}
