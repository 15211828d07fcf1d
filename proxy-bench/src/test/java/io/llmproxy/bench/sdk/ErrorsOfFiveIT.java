package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.errors.AnthropicServiceException;
import com.openai.errors.OpenAIServiceException;
import io.llmproxy.bench.simulator.SimulatedProvider;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Whichever provider refuses, each SDK raises the exception it has for that, and asks again only
/// where that may help.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakWatch.class)
final class ErrorsOfFiveIT {

  /// What an SDK raised: its class, and what it knows.
  private record Raised(
      String name, int status, String message, List<String> retryAfter, List<String> requestId) {}

  private final SdkLab lab;

  ErrorsOfFiveIT(@TempDir Path directory) throws Exception {
    lab = new SdkLab(directory);
  }

  @AfterAll
  void close() {
    lab.close();
  }

  private Raised raised(Combination one, String script, boolean stream) {
    return raised(lab.clients(one.wire()), one, script, stream);
  }

  private static Raised raised(Clients clients, Combination one, String script, boolean stream) {
    String model = one.model(script);
    RuntimeException error =
        catchThrowableOfType(
            RuntimeException.class,
            () -> {
              if (stream) {
                one.api().streamed(clients, model);
              } else {
                one.api().whole(clients, model);
              }
            });
    String name = error.getClass().getSimpleName();
    return switch (error) {
      case OpenAIServiceException e ->
          new Raised(
              name,
              e.statusCode(),
              String.valueOf(e.getMessage()),
              e.headers().values("retry-after"),
              e.headers().values("x-request-id"));
      case AnthropicServiceException e ->
          new Raised(
              name,
              e.statusCode(),
              String.valueOf(e.getMessage()),
              e.headers().values("retry-after"),
              e.headers().values("request-id"));
      default -> throw error;
    };
  }

  private void assertRaises(Combination one, String script, String name) {
    for (boolean stream : List.of(false, true)) {
      Raised raised = raised(one, script, stream);
      assertThat(raised.name()).as("%s %s: %s", one, script, raised).isEqualTo(name);
      assertThat(raised.requestId()).hasSize(1);
      assertThat(raised.message()).doesNotContain("SECRET").hasSizeGreaterThan("502: ".length());
    }
  }

  @ParameterizedTest
  @MethodSource("io.llmproxy.bench.sdk.Combination#each")
  void aBadRequestIsABadRequest(Combination one) {
    // Grok answers so to a wrong key as well.
    boolean grok = one.provider() == SimulatedProvider.GROK;
    assertRaises(one, grok ? "sample=xai-400-arg" : "status=400", "BadRequestException");
  }

  @ParameterizedTest
  @MethodSource("io.llmproxy.bench.sdk.Combination#each")
  void aKeyOfOursThatTheProviderRefusesIsNoFaultOfTheCallers(Combination one) {
    assertRaises(one, "status=401", "InternalServerException");
    assertThat(raised(one, "status=401", false).status()).isEqualTo(502);
  }

  @ParameterizedTest
  @MethodSource("io.llmproxy.bench.sdk.Combination#each")
  void whatMayNotBeDoneIsPermissionDenied(Combination one) {
    assertRaises(one, "status=403", "PermissionDeniedException");
  }

  @ParameterizedTest
  @MethodSource("io.llmproxy.bench.sdk.Combination#each")
  void aModelThatTheProviderDoesNotHaveIsNotFound(Combination one) {
    assertRaises(one, "status=404", "NotFoundException");
  }

  @ParameterizedTest
  @MethodSource("io.llmproxy.bench.sdk.Combination#all")
  void aLimitIsARateLimit(Combination one) {
    assertRaises(one, "status=429,retry_after=7", "RateLimitException");
    assertThat(raised(one, "status=429,retry_after=7", true).retryAfter()).containsExactly("7");
  }

  @ParameterizedTest
  @MethodSource("io.llmproxy.bench.sdk.Combination#each")
  void aFaultOfTheProvidersIsAServersError(Combination one) {
    assertRaises(one, "status=500", "InternalServerException");
  }

  @ParameterizedTest
  @MethodSource("io.llmproxy.bench.sdk.Combination#each")
  void anOverloadIsWhatTheSdkCallsOne(Combination one) {
    boolean anthropic = one.api() == Api.MESSAGES;
    assertRaises(one, "status=529", anthropic ? "OverloadedException" : "InternalServerException");
  }

  @ParameterizedTest
  @MethodSource("io.llmproxy.bench.sdk.Combination#all")
  void aPageIsAnErrorInJson(Combination one) {
    assertRaises(one, "html", "InternalServerException");
    Raised raised = raised(one, "html", true);
    assertThat(raised.status()).isEqualTo(502);
    assertThat(raised.message()).doesNotContain("<");
  }

  @ParameterizedTest
  @MethodSource("io.llmproxy.bench.sdk.Combination#each")
  void clientAndProxyTogetherAskAgainAsSoonAsTheProviderSaysAndNoMoreThanEitherWould(
      Combination one) {
    int status = List.of(429, 500, 529).get(one.api().ordinal());
    String script = "status=%d,retry_after_ms=40".formatted(status);
    long begun = System.nanoTime();
    raised(lab.clients(one.wire()).retrying(2), one, script, true);
    long millis = (System.nanoTime() - begun) / 1_000_000;
    // Fewer where the proxy has asked again as often as the provider's successes allow it.
    assertThat(asked(one, script)).isBetween(2L, 3L);
    // Of its own an SDK waits half a second, then a whole one, before it asks again.
    assertThat(millis).isBetween(40L, 1100L);
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void waitsTheSecondsThatTheProviderSays(Api api) {
    Combination one = new Combination(Wire.HTTP_1, api, SimulatedProvider.GROK);
    String script = "status=429,retry_after=1";
    long begun = System.nanoTime();
    raised(lab.clients(one.wire()).retrying(1).alone(), one, script, false);
    // Of its own an SDK waits half a second; how late a timer may fire is not for a test to say.
    assertThat((System.nanoTime() - begun) / 1_000_000).isGreaterThanOrEqualTo(1000L);
    assertThat(asked(one, script)).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("io.llmproxy.bench.sdk.Combination#each")
  void asksNoMoreWhereTheProviderSaysSo(Combination one) {
    for (String status : List.of("status=503,", "status=429,")) {
      String script = status + "should_retry=false";
      raised(lab.clients(one.wire()).retrying(2), one, script, true);
      assertThat(asked(one, script)).as(script).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void asksAgainAfterAPage(Api api) {
    Combination one = new Combination(Wire.HTTP_2_TLS, api, SimulatedProvider.GROQ);
    raised(lab.clients(one.wire()).retrying(1).alone(), one, "events=1,html", false);
    assertThat(asked(one, "events=1,html")).isEqualTo(2);
  }

  private long asked(Combination one, String script) {
    return lab.lab(one.wire()).asked(one.provider(), one.name(script));
  }
}
