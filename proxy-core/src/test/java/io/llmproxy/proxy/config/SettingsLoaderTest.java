package io.llmproxy.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.api.ProviderApi;
import io.llmproxy.provider.price.Price;
import io.llmproxy.provider.price.Rates;
import io.llmproxy.proxy.config.ProviderSettings.ApiKey;
import io.llmproxy.proxy.config.ProviderSettings.Auth;
import io.llmproxy.proxy.config.ProviderSettings.Http2;
import io.llmproxy.proxy.config.ProviderSettings.ModelSettings;
import io.llmproxy.proxy.config.Settings.Limits;
import io.llmproxy.proxy.config.Settings.LoggingSettings;
import io.llmproxy.proxy.config.Settings.SocketSettings;
import io.llmproxy.proxy.config.Settings.Timeouts;
import io.llmproxy.proxy.config.Settings.TlsSettings;
import io.llmproxy.proxy.config.Settings.Transport;
import io.llmproxy.proxy.config.SpendingSettings.OnUnpriced;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a good file means.
final class SettingsLoaderTest {
  private static final Map<String, String> ALL_KEYS =
      Map.of(
          "ANTHROPIC_API_KEY", "key-a",
          "OPENAI_API_KEY", "key-o",
          "GLM_API_KEY", "key-z",
          "GROQ_API_KEY", "key-q",
          "GROK_API_KEY", "key-x");

  private static final String EVERY_KEY =
      """
      llmproxy:
        listen_addr: "[::1]:9443"
        log_level: trace
        transport: io_uring
        event_loops: 3
        timeouts: {connect: 250ms, response_head: 2s, first_event: 9s, idle: 1m, total: 1h, min_rate: 10}
        logging: {format: text, requests: none, file: /var/log/llmproxy.log}
        tls: {cert: cert.pem, key: key.pem, client_ca: ca.pem, min_version: TLSv1.3}
        limits:
          max_body: 1MiB
          max_header: 8192
          max_connections: 7
          max_streams_per_connection: 5
        shutdown: {drain: 0s}
      """;

  private static final String NOT_ENFORCED =
      """
      llmproxy:
        listen_addr: "127.0.0.1:1"
        ledger: {dir: ledger, durability: strict}
        logging: {requests: full, redact: [email, phone], rotate: 100MiB}
        providers:
          glm:
            api_key: k
            models: [a]
      """;

  @TempDir Path directory;

  @Test
  void readsTheFileThatComesWithTheProject() {
    Settings settings = shipped().settings(ALL_KEYS);
    assertThat(settings.providers())
        .extracting(ProviderSettings::name, ProviderSettings::kind, p -> p.baseUrl().toString())
        .containsExactly(
            row("anthropic", ProviderApi.ANTHROPIC, "https://api.anthropic.com"),
            row("openai", ProviderApi.OPENAI, "https://api.openai.com/v1"),
            row("glm", ProviderApi.GLM, "https://open.bigmodel.cn/api/paas/v4"),
            row("groq", ProviderApi.GROQ, "https://api.groq.com/openai/v1"),
            row("grok", ProviderApi.GROK, "https://api.x.ai/v1"));
    assertThat(settings.providers().getFirst().models())
        .containsExactly(
            new ModelSettings("claude-sonnet-4", List.of("default"), null, 0, RateSettings.NONE));
    assertThat(settings.warnings())
        .containsExactly(
            "listen_addr: no client keys: listening on 127.0.0.1:8080, for this machine alone"
                + " (to serve others: allow_anonymous: true)");
  }

  @Test
  void leavesOutAProviderWhoseKeyIsNotSet() {
    Settings settings = shipped().settings(Map.of("GROQ_API_KEY", "key-q", "GLM_API_KEY", ""));
    assertThat(settings.providers()).extracting(ProviderSettings::name).containsExactly("groq");
    assertThat(settings.warnings())
        .contains(
            "providers.anthropic: left out: environment variable ANTHROPIC_API_KEY is not set"
                + " (line 8)",
            "providers.glm: left out: its key is empty");
  }

  @Test
  void startsWithoutAnyProviderAndSaysSo() {
    Settings settings = shipped().settings();
    assertThat(settings.providers()).isEmpty();
    assertThat(settings.warnings())
        .contains("providers: none can be used, so no request can be answered");
  }

  @Test
  void hasDefaultsForEverything() {
    Settings settings = file("llmproxy:").settings();
    assertThat(settings.sockets()).isEqualTo(new SocketSettings(Transport.EPOLL, 0));
    assertThat(settings.tls()).isNull();
    assertThat(settings.logging())
        .isEqualTo(
            new LoggingSettings(
                "INFO", LoggingSettings.Format.JSON, LoggingSettings.Requests.METADATA, null));
    assertThat(settings.timeouts())
        .isEqualTo(
            new Timeouts(
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                Duration.ofMinutes(5),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofMinutes(2),
                Duration.ofMinutes(30),
                0));
    assertThat(settings.retry())
        .isEqualTo(new RetrySettings(3, Duration.ofMillis(250), Duration.ofSeconds(2), 10));
    assertThat(settings.limits()).isEqualTo(new Limits(32 << 20, 64 << 10, 10_000, 1_000));
    assertThat(settings.drain()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void readsEveryKeyItActsOn() throws IOException {
    for (String name : List.of("cert.pem", "key.pem", "ca.pem")) {
      Files.writeString(directory.resolve(name), "x");
    }
    Settings settings = file(EVERY_KEY).settings();
    assertThat(settings.listen()).isEqualTo(new Settings.Address("::1", 9443));
    assertThat(settings.sockets()).isEqualTo(new SocketSettings(Transport.IO_URING, 3));
    assertThat(settings.timeouts())
        .isEqualTo(
            new Timeouts(
                Duration.ofMillis(250),
                Duration.ofMinutes(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(9),
                Duration.ZERO,
                Duration.ofMinutes(1),
                Duration.ofHours(1),
                10));
    assertThat(settings.logging())
        .isEqualTo(
            new LoggingSettings(
                "TRACE",
                LoggingSettings.Format.TEXT,
                LoggingSettings.Requests.NONE,
                "/var/log/llmproxy.log"));
    assertThat(settings.tls())
        .isEqualTo(
            new TlsSettings(beside("cert.pem"), beside("key.pem"), beside("ca.pem"), "TLSv1.3"));
    assertThat(settings.limits()).isEqualTo(new Limits(1 << 20, 8192, 7, 5));
    assertThat(settings.drain()).isEqualTo(Duration.ZERO);
    assertThat(settings.warnings())
        .containsExactly(
            "listen_addr: no client keys: anyone on this machine may use the proxy",
            "providers: none can be used, so no request can be answered");
  }

  @Test
  void readsAProviderOfOnesOwn() throws IOException {
    Files.writeString(directory.resolve("ca.pem"), "x");
    Settings settings =
        file("""
        llmproxy:
          providers:
            local:
              type: openai
              base_url: http://127.0.0.1:11434/v1/
              http2: prior_knowledge
              ca_file: ca.pem
              max_connections: 9
              models: [small, {name: org/big, alias: [b, huge], max_output_tokens: 64}]
        """)
            .settings();
    ProviderSettings local = settings.providers().getFirst();
    assertThat(local.kind()).isEqualTo(ProviderApi.OPENAI_COMPATIBLE);
    assertThat(local.apiKeys()).isEmpty();
    assertThat(local.baseUrl()).hasToString("http://127.0.0.1:11434/v1");
    assertThat(local.http2()).isEqualTo(Http2.PRIOR_KNOWLEDGE);
    assertThat(local.caFile()).isEqualTo(beside("ca.pem"));
    assertThat(local.maxConnections()).isEqualTo(9);
    assertThat(local.models())
        .containsExactly(
            new ModelSettings("small", List.of(), null, 0, RateSettings.NONE),
            new ModelSettings("org/big", List.of("b", "huge"), null, 64, RateSettings.NONE));
  }

  @Test
  void readsPricesExactly() {
    Price price =
        price("{input: 0.1, cached_input: 0.000000001, cache_write: \"3.75\", output: 15}");
    assertThat(price)
        .isEqualTo(Price.configured(Rates.flat(100_000_000L, 1L, 3_750_000_000L, 15_000_000_000L)));
  }

  @Test
  void chargesCachedTokensAsInputWhereThePriceDoesNotTell() {
    assertThat(price("{input: 2, output: 8}"))
        .isEqualTo(
            Price.configured(
                Rates.flat(2_000_000_000L, 2_000_000_000L, 2_000_000_000L, 8_000_000_000L)));
  }

  @Test
  void readsKeysFromAFileBesideTheConfiguration() throws IOException {
    Files.writeString(directory.resolve("secret"), "key-f\n");
    assertThat(keys("{api_key_file: secret}", Map.of())).containsExactly(new Secret("key-f"));
    assertThat(keys("{api_key_file: \"${F:-secret}\"}", Map.of()))
        .containsExactly(new Secret("key-f"));
  }

  @Test
  void readsSeveralKeysAndGoesOnWithThoseThatAreSet() {
    ConfigFile file = provider("{api_keys: [a, {key: \"${B}\", weight: 3}, \"${C}\"]}");
    Settings settings = file.settings(Map.of("B", "b"));
    assertThat(settings.providers().getFirst().apiKeys())
        .containsExactly(new ApiKey(new Secret("a"), 1), new ApiKey(new Secret("b"), 3));
    assertThat(settings.warnings())
        .contains(
            "providers.glm: goes on with 2 of its keys: environment variable C is not set (line"
                + " 3)");
  }

  @Test
  void makesTokensOfKeysOfGlmThatHaveTwoParts() {
    assertThat(auth("{api_key: id.secret}")).isEqualTo(Auth.TOKEN);
    assertThat(auth("{api_key: id.secret, auth: key}")).isEqualTo(Auth.KEY);
    assertThat(auth("{api_key: plain}")).isEqualTo(Auth.KEY);
  }

  @Test
  void refusesTokensOfKeysThatHaveNotTwoParts() {
    assertThat(provider("{api_key: plain-secret, auth: token}").problems())
        .singleElement()
        .asString()
        .contains("ID.SECRET")
        .doesNotContain("plain-secret");
  }

  private Auth auth(String glm) {
    return provider(glm).settings().providers().getFirst().auth();
  }

  @Test
  void fillsInVariablesAndDefaults() {
    ConfigFile file = provider("{api_key: \"${A}-${B:-b}-${C:-c}-$${D}-$5\"}");
    assertThat(file.settings(Map.of("A", "${B}", "C", "")).providers().getFirst().apiKeys())
        .extracting(ApiKey::secret)
        .containsExactly(new Secret("${B}-b-c-${D}-$5"));
  }

  @Test
  void readsLimitsAndBudgetsWhereverTheyStand() {
    Settings settings =
        file("""
        llmproxy:
          rate_limits:
            requests_per_minute: 100
            tokens_per_minute: 5000
            per_ip: {requests_per_minute: 7}
            total: {concurrent_requests: 9}
          cost_budget: {monthly_limit: 5, on_unpriced: charge_ceiling}
          providers:
            glm:
              api_key: k
              rate_limits: {requests_per_minute: 1}
              cost_budget: {hourly_limit: 0.5}
              models: [{name: a, rate_limits: {tokens_per_minute: 3}}]
        """)
            .settings();
    assertThat(settings.rateLimits())
        .isEqualTo(
            new LimitSettings(
                new RateSettings(7, 5000, 0),
                new RateSettings(100, 5000, 0),
                new RateSettings(0, 0, 9)));
    assertThat(settings.spending())
        .isEqualTo(
            new SpendingSettings(
                new BudgetSettings(
                    BudgetSettings.UNLIMITED, BudgetSettings.UNLIMITED, 5_000_000_000L),
                OnUnpriced.CHARGE_CEILING));
    ProviderSettings glm = settings.providers().getFirst();
    assertThat(glm.rates()).isEqualTo(new RateSettings(1, 0, 0));
    assertThat(glm.budget().hourly()).isEqualTo(500_000_000L);
    assertThat(glm.models().getFirst().rates()).isEqualTo(new RateSettings(0, 3, 0));
  }

  @Test
  void warnsOnceForEachSectionItDoesNotActOn() {
    List<String> warnings = file(NOT_ENFORCED).settings().warnings();
    assertThat(warnings)
        .containsExactlyInAnyOrder(
            "listen_addr: no client keys: anyone on this machine may use the proxy",
            "logging.requests: full: read, not enforced by this version: metadata is written",
            "logging.redact: read, not enforced by this version",
            "logging.rotate: read, not enforced by this version");
  }

  @Test
  void warnsOfNamesAndAddressesThatAreLikelyMistakes() {
    List<String> warnings =
        file("""
        llmproxy:
          providers:
            glm: {api_key: k, base_url: "http://far.example/v1", models: [m]}
            anthropic: {api_key: k, base_url: "https://h/v1", models: [m]}
        """)
            .settings()
            .warnings();
    assertThat(warnings)
        .contains(
            "providers.glm: base_url is http: the key and all text travel unencrypted",
            "providers.anthropic.base_url: ends in /v1, and /v1/messages is added to it: likely"
                + " one /v1 too many",
            "providers: \"m\" is offered by glm and anthropic; glm answers");
  }

  private @Nullable Price price(String price) {
    return provider("{api_key: k, models: [{name: m, price: " + price + "}]}")
        .settings()
        .providers()
        .getFirst()
        .models()
        .getFirst()
        .price();
  }

  private List<Secret> keys(String provider, Map<String, String> environment) {
    return provider(provider).settings(environment).providers().getFirst().apiKeys().stream()
        .map(ApiKey::secret)
        .toList();
  }

  private ConfigFile provider(String glm) {
    return file("llmproxy:\n  providers:\n    glm: " + glm + "\n");
  }

  private ConfigFile file(String yaml) {
    return ConfigFile.of(directory, yaml);
  }

  private String beside(String name) {
    return directory.toAbsolutePath().resolve(name).toString();
  }

  /// Maven runs the tests of a module in the module's directory.
  private static ConfigFile shipped() {
    return new ConfigFile(Path.of("..", "config", "llmproxy.yaml"));
  }

  private static Tuple row(Object... values) {
    return Tuple.tuple(values);
  }
}
