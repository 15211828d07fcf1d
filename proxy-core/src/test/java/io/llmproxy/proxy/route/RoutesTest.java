package io.llmproxy.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.api.ProviderApi;
import io.llmproxy.provider.price.Prices;
import io.llmproxy.provider.price.Rates;
import io.llmproxy.proxy.config.BudgetSettings;
import io.llmproxy.proxy.config.ProviderSettings;
import io.llmproxy.proxy.config.ProviderSettings.Auth;
import io.llmproxy.proxy.config.ProviderSettings.Http2;
import io.llmproxy.proxy.config.ProviderSettings.ModelSettings;
import io.llmproxy.proxy.config.ProviderSettings.OnDisconnect;
import io.llmproxy.proxy.config.RateSettings;
import io.llmproxy.proxy.config.RouteSettings;
import io.llmproxy.proxy.config.RouteSettings.TargetSettings;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RoutesTest {

  private final Routes routes =
      new Routes(
          List.of(
              provider("anthropic", ProviderApi.ANTHROPIC, model("claude-sonnet-4", "default")),
              provider("openai", ProviderApi.OPENAI, model("gpt-6", "fast"), model("default")),
              provider("local", ProviderApi.OPENAI_COMPATIBLE, model("gpt-6"), model("org/llama"))),
          List.of(
              new RouteSettings(
                  "fast",
                  List.of(new TargetSettings("local/tiny", 1, RouteTest.TIMEOUTS)),
                  RouteSettings.Strategy.ORDERED,
                  RouteTest.RETRY,
                  null,
                  RouteSettings.Resume.OFF,
                  false)),
          RouteTest.RETRY,
          Prices.builtIn());

  @Test
  void aRouteComesBeforeAnAlias() {
    assertThat(where("fast")).isEqualTo("local/tiny");
  }

  @Test
  void anAliasComesBeforeAModel() {
    assertThat(where("default")).isEqualTo("anthropic/claude-sonnet-4");
  }

  @Test
  void aModelGoesToTheFirstProviderThatListsIt() {
    assertThat(where("gpt-6")).isEqualTo("openai/gpt-6");
  }

  @Test
  void aProviderMayBeNamed() {
    assertThat(where("local/anything/at:all")).isEqualTo("local/anything/at:all");
  }

  @Test
  void aListedModelMayHaveASlash() {
    assertThat(where("org/llama")).isEqualTo("local/org/llama");
  }

  @Test
  void aWellKnownPrefixFindsTheOnlyProviderOfItsKind() {
    assertThat(where("claude-opus-5-5")).isEqualTo("anthropic/claude-opus-5-5");
    assertThat(routes.find("glm-5.3")).isNull();
  }

  @Test
  void pricesComeFromTheTableUnlessTheConfigurationSetsThem() {
    assertThat(price("anthropic/claude-sonnet-4-5")).isNotNull();
    assertThat(price("local/tiny")).isNull();
    assertThat(price("claude-sonnet-4-5-20250929")).isEqualTo(price("claude-sonnet-4-5"));
  }

  private @Nullable Rates price(String name) {
    Route route = routes.find(name);
    Target target = route == null ? null : route.first();
    return target == null || target.price() == null ? null : target.price().standard();
  }

  @Test
  void nothingAnswersToAnUnknownName() {
    assertThat(routes.find("nope")).isNull();
    assertThat(routes.find("nowhere/x")).isNull();
    assertThat(routes.find("openai/")).isNull();
    assertThat(routes.find("/x")).isNull();
    assertThat(routes.find("")).isNull();
  }

  private String where(String name) {
    Route route = routes.find(name);
    Target target = route == null ? null : route.first();
    return target == null ? "nowhere" : target.provider() + "/" + target.model();
  }

  private static ModelSettings model(String name, String... aliases) {
    return new ModelSettings(name, List.of(aliases), null, 0, RateSettings.NONE);
  }

  private static ProviderSettings provider(String name, ProviderApi kind, ModelSettings... models) {
    return new ProviderSettings(
        name,
        kind,
        List.of(),
        URI.create("http://127.0.0.1:1/v1"),
        Auth.KEY,
        Http2.AUTO,
        null,
        List.of(models),
        10,
        RouteTest.TIMEOUTS,
        OnDisconnect.CANCEL,
        RateSettings.NONE,
        BudgetSettings.NONE);
  }
}
