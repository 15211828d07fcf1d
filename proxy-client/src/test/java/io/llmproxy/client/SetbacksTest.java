package io.llmproxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.client.LlmException.Details;
import io.llmproxy.client.Setback.Move;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a refusal is, and what may follow it, of a proxy and of a provider itself.
final class SetbacksTest {

  private static final Details DETAILS = new Details(0, "", "id", 1);

  @ParameterizedTest
  @ValueSource(
      strings = {
        // status, code, x-should-retry, of whom, what follows, type
        "400 invalid_type - proxy STOP BadRequest",
        "404 model_not_found - proxy OTHER_TARGET BadRequest",
        "400 context_length_exceeded - provider OTHER_TARGET BadRequest",
        "401 invalid_api_key - proxy STOP NotAllowed",
        "401 invalid_api_key - provider OTHER_TARGET NotAllowed",
        "429 rate_limit_exceeded - proxy AGAIN LimitReached",
        "429 rate_limit_exceeded false proxy STOP LimitReached",
        "429 rate_limit_exceeded false provider OTHER_TARGET LimitReached",
        "429 budget_exceeded false proxy STOP LimitReached",
        "429 insufficient_quota - provider OTHER_TARGET LimitReached",
        "500 server_error - provider AGAIN ProviderFailed",
        "500 server_error true provider AGAIN ProviderFailed",
        "400 invalid_type true provider AGAIN BadRequest",
        "503 upstream_unavailable - proxy AGAIN ProviderFailed",
        "503 upstream_unavailable false proxy STOP ProviderFailed",
        "504 upstream_timeout - proxy AGAIN ProviderFailed",
        "503 draining - proxy ELSEWHERE_FREE ProxyFailed",
        "503 draining - provider AGAIN ProviderFailed",
        "500 internal_error - proxy ELSEWHERE ProxyFailed",
        "503 ledger_unavailable - proxy ELSEWHERE ProxyFailed",
      })
  void aRefusalIsTold(String row) {
    String[] cells = row.split(" ", -1);
    int status = Integer.parseInt(cells[0]);
    String should = cells[2].equals("-") ? null : cells[2];
    Setback setback = setback(status, cells[1], should, cells[3].equals("proxy"));
    assertThat(setback.move()).isEqualTo(Move.valueOf(cells[4]));
    assertThat(setback.exception().getClass().getSimpleName()).isEqualTo(cells[5]);
    assertThat(setback.exception().getMessage()).isEqualTo("no");
    assertThat(setback.exception().status()).isEqualTo(status);
  }

  private static Setback setback(
      int status, String code, @Nullable String shouldRetry, boolean byProxy) {
    Map<String, String> fields = new HashMap<>(Map.of("content-type", "application/json"));
    if (shouldRetry != null) {
      fields.put("x-should-retry", shouldRetry);
    }
    if (byProxy) {
      fields.put(Headers.OVERHEAD, "10");
    }
    String body = "{\"error\":{\"message\":\"no\",\"type\":\"x\",\"code\":\"" + code + "\"}}";
    return Setbacks.refused(status, fields, body.getBytes(StandardCharsets.UTF_8), DETAILS);
  }
}
