package io.llmproxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.client.LlmException.Details;
import io.llmproxy.client.Setback.Move;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

/// What a refusal is, and what may follow it, of a proxy and of a provider itself.
final class SetbacksTest {

  private static final Details DETAILS = new Details(0, "", "id", 1);

  @ParameterizedTest
  @CsvSource({
    // status, code, x-should-retry, by a proxy, what follows, type
    "400, invalid_type, , true, STOP, BadRequest",
    "404, model_not_found, , true, OTHER_TARGET, BadRequest",
    "400, context_length_exceeded, , false, OTHER_TARGET, BadRequest",
    "401, invalid_api_key, , true, STOP, NotAllowed",
    "401, invalid_api_key, , false, OTHER_TARGET, NotAllowed",
    "429, rate_limit_exceeded, , true, AGAIN, LimitReached",
    "429, rate_limit_exceeded, false, true, STOP, LimitReached",
    "429, rate_limit_exceeded, false, false, OTHER_TARGET, LimitReached",
    "429, budget_exceeded, false, true, STOP, LimitReached",
    "429, insufficient_quota, , false, OTHER_TARGET, LimitReached",
    "500, server_error, , false, AGAIN, ProviderFailed",
    "500, server_error, true, false, AGAIN, ProviderFailed",
    "400, invalid_type, true, false, AGAIN, BadRequest",
    "503, upstream_unavailable, , true, AGAIN, ProviderFailed",
    "503, upstream_unavailable, false, true, STOP, ProviderFailed",
    "504, upstream_timeout, , true, AGAIN, ProviderFailed",
    "503, draining, , true, ELSEWHERE_FREE, ProxyFailed",
    "503, draining, , false, AGAIN, ProviderFailed",
    "500, internal_error, , true, ELSEWHERE, ProxyFailed",
    "503, ledger_unavailable, , true, ELSEWHERE, ProxyFailed",
  })
  void aRefusalIsTold(ArgumentsAccessor row) {
    Setback setback =
        setback(row.getInteger(0), row.getString(1), row.getString(2), row.getBoolean(3));
    assertThat(setback.move()).isEqualTo(Move.valueOf(row.getString(4)));
    assertThat(setback.exception().getClass().getSimpleName()).isEqualTo(row.getString(5));
    assertThat(setback.exception().getMessage()).isEqualTo("no");
    assertThat(setback.exception().status()).isEqualTo(row.getInteger(0));
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
