package io.llmproxy.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.config.RouteSettings.TargetSettings;
import io.llmproxy.proxy.config.Settings.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RouteSettingsTest {

  private static final String ROUTE =
      """
      llmproxy:
        timeouts: {idle: 3s}
        retry: {max_attempts: 5}
        providers:
          glm: {api_key: k, timeouts: {total: 9s, first_content: 1s}, on_disconnect: drain}
        routes:
          - model: m
            targets: [{target: glm/a, weight: 2}, glm/b]
            strategy: weighted
            hedge: {after: 1s, max_extra: 7}
            resume: prefill
            adaptive_concurrency: true
            retry: {base_delay: 0s, budget_percent: 20}
            timeouts: {first_content: 2s}
      """;

  @TempDir Path directory;

  @Test
  void readsRoutesAndDropsTargetsThatCannotAnswer() {
    Settings settings =
        file("""
        llmproxy:
          providers: {glm: {api_key: k}, groq: {api_key: "${NONE}"}}
          routes:
            - {model: best, targets: [groq/openai/gpt-oss, {target: glm/a/b}]}
            - {model: quick, targets: [groq/x]}
        """)
            .settings();
    assertThat(settings.routes())
        .singleElement()
        .satisfies(route -> assertThat(route.model()).isEqualTo("best"))
        .extracting(route -> route.targets().stream().map(TargetSettings::name).toList())
        .isEqualTo(List.of("glm/a/b"));
    assertThat(settings.warnings())
        .contains(
            "routes[0].targets[0]: dropped, as the provider groq is left out",
            "routes[1].targets: none can be used, so the route is left out");
  }

  @Test
  void readsAllOfARoute() {
    RouteSettings route = file(ROUTE).settings().routes().getFirst();
    Timeouts timeouts =
        new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ZERO,
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(9),
            0);
    assertThat(route)
        .isEqualTo(
            new RouteSettings(
                "m",
                List.of(
                    new TargetSettings("glm/a", 2, timeouts),
                    new TargetSettings("glm/b", 1, timeouts)),
                RouteSettings.Strategy.WEIGHTED,
                new RetrySettings(5, Duration.ZERO, Duration.ofSeconds(2), 20),
                new RouteSettings.HedgeSettings(Duration.ofSeconds(1), 7),
                RouteSettings.Resume.PREFILL,
                true));
  }

  @Test
  void hedgesAfterTheRoutesOwnTimeUnlessTold() {
    RouteSettings route =
        file("""
        llmproxy:
          providers: {glm: {api_key: k}}
          routes: [{model: m, targets: [glm/a, glm/b], hedge: {after: auto}}]
        """)
            .settings()
            .routes()
            .getFirst();
    assertThat(route.hedge()).isEqualTo(new RouteSettings.HedgeSettings(null, 5));
  }

  private ConfigFile file(String yaml) {
    return ConfigFile.of(directory, yaml);
  }
}
