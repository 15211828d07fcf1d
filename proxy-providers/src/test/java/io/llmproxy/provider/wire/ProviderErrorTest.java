package io.llmproxy.provider.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ProviderError.Kind;
import io.llmproxy.provider.wire.ProviderError.Retry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ProviderErrorTest {
  /// 22 November 2026, 19:45:00 GMT.
  private static final long NOW = 1_795_376_700_000L;

  /// Sample, kind, retry, milliseconds to wait; then status and code for OpenAI's callers, status
  /// and type for Anthropic's.
  private static final String SAMPLES =
      """
      anthropic-400-prompt-too-long CONTEXT_LENGTH NEVER -1 400 context_length_exceeded 400 invalid_request_error
      anthropic-400-temperature BAD_REQUEST NEVER -1 400 invalid_request_error 400 invalid_request_error
      anthropic-401 KEY_REJECTED OTHER_TARGET -1 502 upstream_error 502 api_error
      anthropic-403 PERMISSION OTHER_TARGET -1 403 permission_denied 403 permission_error
      anthropic-404 MODEL_UNKNOWN OTHER_TARGET -1 404 model_not_found 404 not_found_error
      anthropic-413 TOO_LARGE NEVER -1 413 request_too_large 413 request_too_large
      anthropic-429 RATE_LIMITED SAME_TARGET 31000 429 rate_limit_exceeded 429 rate_limit_error
      anthropic-500 SERVER_ERROR SAME_TARGET -1 502 upstream_error 502 api_error
      anthropic-529 OVERLOADED SAME_TARGET -1 503 overloaded 529 overloaded_error
      glm-400-1211-model MODEL_UNKNOWN OTHER_TARGET -1 404 model_not_found 404 not_found_error
      glm-400-1214 BAD_REQUEST NEVER -1 400 invalid_request_error 400 invalid_request_error
      glm-400-1301-content CONTENT_POLICY NEVER -1 400 content_policy_violation 400 invalid_request_error
      glm-401-1002 KEY_REJECTED OTHER_TARGET -1 502 upstream_error 502 api_error
      glm-401-1003-expired KEY_REJECTED OTHER_TARGET -1 502 upstream_error 502 api_error
      glm-429-1113-arrears QUOTA_SPENT OTHER_TARGET -1 429 insufficient_quota 402 billing_error
      glm-429-1302-concurrency RATE_LIMITED SAME_TARGET -1 429 rate_limit_exceeded 429 rate_limit_error
      groq-400-json_validate_failed BAD_REQUEST SAME_TARGET -1 400 json_validate_failed 400 invalid_request_error
      groq-400-unsupported BAD_REQUEST NEVER -1 400 invalid_request_error 400 invalid_request_error
      groq-401 KEY_REJECTED OTHER_TARGET -1 502 upstream_error 502 api_error
      groq-413-too-large TOO_LARGE OTHER_TARGET -1 413 request_too_large 413 request_too_large
      groq-429 RATE_LIMITED SAME_TARGET 8000 429 rate_limit_exceeded 429 rate_limit_error
      groq-503 OVERLOADED SAME_TARGET -1 503 overloaded 529 overloaded_error
      openai-400-context CONTEXT_LENGTH NEVER -1 400 context_length_exceeded 400 invalid_request_error
      openai-400-param BAD_REQUEST NEVER -1 400 unsupported_parameter 400 invalid_request_error
      openai-401 KEY_REJECTED OTHER_TARGET -1 502 upstream_error 502 api_error
      openai-429-rate RATE_LIMITED SAME_TARGET 120 429 rate_limit_exceeded 429 rate_limit_error
      openai-500 SERVER_ERROR SAME_TARGET -1 502 upstream_error 502 api_error
      openai-503 OVERLOADED SAME_TARGET 5000 503 overloaded 529 overloaded_error
      xai-200-json-error-on-stream OVERLOADED SAME_TARGET -1 503 overloaded 529 overloaded_error
      xai-202-deferred-pending SERVER_ERROR SAME_TARGET -1 502 upstream_error 502 api_error
      xai-400-arg BAD_REQUEST NEVER -1 400 invalid_request_error 400 invalid_request_error
      xai-400-badkey KEY_REJECTED OTHER_TARGET -1 502 upstream_error 502 api_error
      xai-400-effort BAD_REQUEST NEVER -1 400 invalid_request_error 400 invalid_request_error
      xai-404-model MODEL_UNKNOWN OTHER_TARGET -1 404 model_not_found 404 not_found_error
      xai-503 OVERLOADED SAME_TARGET -1 503 overloaded 529 overloaded_error
      """;

  private static Stream<String[]> samples() {
    return SAMPLES.lines().map(line -> line.split(" ", -1));
  }

  @Test
  void coversEverySample() throws IOException, URISyntaxException {
    Path folder =
        Path.of(
            Objects.requireNonNull(ProviderErrorTest.class.getResource("/samples/errors")).toURI());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(samples().map(row -> row[0] + ".http").toList());
    }
  }

  @Test
  void tellsEverySampleApart() {
    samples()
        .forEach(row -> {
          ProviderError error = ProviderError.read(sample(row[0]));
          String found = error.kind() + " " + error.retry() + " " + error.retryAfterMillis();
          assertThat(found).as(row[0]).isEqualTo(row[1] + " " + row[2] + " " + row[3]);
        });
  }

  @Test
  void tellsEverySampleToCallersOfOpenAisDialects() {
    samples()
        .forEach(row -> {
          for (Dialect dialect : List.of(Dialect.OPENAI_CHAT, Dialect.OPENAI_RESPONSES)) {
            WireError told = told(row[0], dialect);
            assertThat(told.status() + " " + told.code())
                .as(row[0])
                .isEqualTo(row[4] + " " + row[5]);
            assertThat(json(dialect, told)).contains("\"code\":\"" + row[5] + "\"");
          }
        });
  }

  @Test
  void tellsEverySampleToCallersOfAnthropicsDialect() {
    samples()
        .forEach(row -> {
          WireError told = told(row[0], Dialect.ANTHROPIC_MESSAGES);
          assertThat(told.status()).as(row[0]).isEqualTo(Integer.parseInt(row[6]));
          assertThat(json(Dialect.ANTHROPIC_MESSAGES, told))
              .as(row[0])
              .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"" + row[7] + "\"");
        });
  }

  @Test
  void blamesTheConfigurationAndSaysNothingOfTheKey() {
    String told = told("openai-401", Dialect.OPENAI_CHAT).message();
    assertThat(told).isEqualTo("provider p does not take the key configured for it");
    assertThat(told("xai-400-badkey", Dialect.OPENAI_CHAT).message()).doesNotContain("xa***ey");
  }

  @Test
  void startsWithTheWordsThatMakeAnAnthropicClientShortenItsPrompt() {
    assertThat(told("openai-400-context", Dialect.ANTHROPIC_MESSAGES).message())
        .startsWith("prompt is too long: This model's maximum context length is 922000 tokens.");
    assertThat(told("anthropic-400-prompt-too-long", Dialect.ANTHROPIC_MESSAGES).message())
        .isEqualTo("prompt is too long: 1004012 tokens > 1000000 maximum");
    assertThat(told("openai-400-context", Dialect.OPENAI_CHAT).message())
        .startsWith("This model's");
  }

  @Test
  void keepsTheFieldToBlame() {
    assertThat(told("openai-400-param", Dialect.OPENAI_CHAT).param()).isEqualTo("max_tokens");
    assertThat(told("groq-400-unsupported", Dialect.OPENAI_CHAT).param()).isNull();
  }

  @Test
  void asksForAFreshTokenOnlyWhereTheOldOneIsExpired() {
    assertThat(ProviderError.read(sample("glm-401-1003-expired")).isTokenExpired()).isTrue();
    assertThat(ProviderError.read(sample("glm-401-1002")).isTokenExpired()).isFalse();
  }

  @Test
  void tellsTheCallerThatMoneyWillNotComeBackByItself() {
    assertThat(ProviderError.read(sample("glm-429-1113-arrears")).isFinalForCaller()).isTrue();
    assertThat(ProviderError.read(sample("glm-429-1302-concurrency")).isFinalForCaller()).isFalse();
  }

  @EdgeCase(18)
  @ParameterizedTest
  @CsvSource({
    "\"1302\", RATE_LIMITED, SAME_TARGET",
    "1302, RATE_LIMITED, SAME_TARGET",
    "\"1113\", QUOTA_SPENT, OTHER_TARGET",
    "1113, QUOTA_SPENT, OTHER_TARGET",
    "\"1304\", RATE_LIMITED, OTHER_TARGET",
    "1305, OVERLOADED, SAME_TARGET",
    "\"1312\", OVERLOADED, SAME_TARGET",
    "1308, QUOTA_SPENT, OTHER_TARGET",
    "1261, CONTEXT_LENGTH, NEVER",
    "\"1234\", SERVER_ERROR, SAME_TARGET",
    "\"1121\", PERMISSION, OTHER_TARGET",
    "429, RATE_LIMITED, SAME_TARGET"
  })
  void readsGlmsCodeAsAStringAndAsANumber(String code, Kind kind, Retry retry) {
    ProviderError error = json(429, "{\"error\":{\"code\":" + code + ",\"message\":\"m\"}}");
    assertThat(error.kind()).isEqualTo(kind);
    assertThat(error.retry()).isEqualTo(retry);
    assertThat(error.code()).isEqualTo(code.replace("\"", ""));
  }

  @EdgeCase(48)
  @ParameterizedTest
  @CsvSource({
    "enforced_spend_limit_reached, QUOTA_SPENT, OTHER_TARGET",
    "contract_spend_limit_reached, QUOTA_SPENT, OTHER_TARGET",
    "ramp_limit_exceeded, RATE_LIMITED, SAME_TARGET"
  })
  void looksAtAnthropicsFinerCodeFirst(String code, Kind kind, Retry retry) {
    ProviderError error =
        json(
            429,
            "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"m\","
                + "\"details\":{\"error_code\":\""
                + code
                + "\"}}}");
    assertThat(error.kind()).isEqualTo(kind);
    assertThat(error.retry()).isEqualTo(retry);
    assertThat(error.retryAfterMillis()).isEqualTo(ProviderError.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "429 | Some resource has been exhausted | Your team has used all available credits or"
            + " reached its monthly spending limit. | QUOTA_SPENT",
        "429 | Some resource has been exhausted | Too many requests | RATE_LIMITED",
        "400 | Client specified an invalid argument | This model's maximum prompt length is 1"
            + " | CONTEXT_LENGTH",
        "403 | The caller does not have permission | no | PERMISSION"
      })
  void readsXaisSentences(int status, String code, String message, Kind kind) {
    String body = "{\"code\":\"" + code + "\",\"error\":\"" + message + "\"}";
    assertThat(json(status, body).kind()).isEqualTo(kind);
    assertThat(json(status, body).message()).isEqualTo(message);
  }

  @EdgeCase(21)
  @Test
  void readsPlainText() {
    ErrorReply reply =
        reply(422, "text/plain", "Failed to deserialize the JSON body: missing field `role`");
    ProviderError error = ProviderError.read(reply);
    assertThat(error.kind()).isEqualTo(Kind.BAD_REQUEST);
    assertThat(error.message()).startsWith("Failed to deserialize");
    assertThat(error.toWireError(Dialect.OPENAI_CHAT, "p", "id").status()).isEqualTo(400);
    assertThat(error.toWireError(Dialect.ANTHROPIC_MESSAGES, "p", "id").status()).isEqualTo(400);
  }

  @Test
  void quotesNoPageForPeople() {
    ProviderError error =
        ProviderError.read(reply(502, "text/html", "<html><h1>Bad Gateway</h1></html>"));
    assertThat(error.message()).isEmpty();
    assertThat(error.toWireError(Dialect.OPENAI_CHAT, "p", "id").message())
        .isEqualTo("provider p answered with status 502");
  }

  @ParameterizedTest
  @CsvSource({
    "400, BAD_REQUEST",
    "402, QUOTA_SPENT",
    "404, SERVER_ERROR",
    "408, TIMEOUT",
    "409, SERVER_ERROR",
    "418, BAD_REQUEST",
    "424, BAD_REQUEST",
    "429, RATE_LIMITED",
    "434, PERMISSION",
    "435, TOO_LARGE",
    "498, OVERLOADED",
    "500, SERVER_ERROR",
    "502, SERVER_ERROR",
    "504, TIMEOUT",
    "524, TIMEOUT",
    "529, OVERLOADED",
    "301, SERVER_ERROR",
    "200, SERVER_ERROR"
  })
  void goesByTheStatusOfAnEmptyReply(int status, Kind kind) {
    assertThat(ProviderError.read(reply(status, null, "")).kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"error\":{\"message\":\"m\",\"type\":\"insufficient_quota\","
        + "\"code\":\"insufficient_quota\"}}', QUOTA_SPENT",
    "'{\"type\":\"error\",\"code\":\"server_error\",\"message\":\"m\"}', SERVER_ERROR",
    "'{\"type\":\"response.failed\",\"response\":{\"id\":\"r\",\"error\":{\"code\":"
        + "\"rate_limit_exceeded\",\"message\":\"m\"}}}', RATE_LIMITED",
    "'{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}}',"
        + " OVERLOADED",
    "'{\"detail\":\"m\"}', SERVER_ERROR",
    "'{\"error\":\"m\"}', SERVER_ERROR"
  })
  void readsTheErrorOfAStreamsRecord(String data, Kind kind) {
    ProviderError error = ProviderError.read(reply(200, "text/event-stream", data));
    assertThat(error.kind()).isEqualTo(kind);
    assertThat(error.message()).isEqualTo("m");
  }

  @ParameterizedTest
  @CsvSource({
    "500, false, OTHER_TARGET",
    "500, true, SAME_TARGET",
    "400, true, SAME_TARGET",
    "400, false, NEVER",
    "401, false, OTHER_TARGET",
    "500, maybe, SAME_TARGET"
  })
  void obeysTheProvidersWordOnRetries(int status, String should, Retry retry) {
    ErrorReply reply =
        new ErrorReply(status, null, new byte[0], Map.of("x-should-retry", should)::get, NOW);
    assertThat(ProviderError.read(reply).retry()).isEqualTo(retry);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void hasAnAnswerForEachKindInEachDialect(Kind kind) {
    ProviderError error = new ProviderError(kind, Retry.NEVER, 500, "", "", null, -1);
    for (Dialect dialect : Dialect.values()) {
      WireError told = error.toWireError(dialect, "p", "id");
      assertThat(told.message()).isNotBlank();
      assertThat(told.code()).matches("[a-z_]+");
      assertThat(told.status()).isNotEqualTo(401);
      if (dialect != Dialect.ANTHROPIC_MESSAGES) {
        assertThat(told.status()).isLessThan(505);
      }
    }
  }

  @Test
  void survivesAnyBody() {
    Random random = new Random(7);
    samples()
        .forEach(row -> {
          ErrorReply whole = sample(row[0]);
          byte[] body = whole.body();
          for (int length = 0; length < body.length; length++) {
            byte[] cut = Arrays.copyOf(body, length);
            if (length > 0) {
              cut[random.nextInt(length)] = (byte) random.nextInt(256);
            }
            ErrorReply reply =
                new ErrorReply(whole.status(), whole.contentType(), cut, whole.fields(), NOW);
            ProviderError error = ProviderError.read(reply);
            assertThat(error.message()).hasSizeLessThanOrEqualTo(SafeText.LONGEST);
            assertThat(error.message()).doesNotContain("\n", "\0");
          }
        });
  }

  @Test
  void survivesDeepAndLongBodies() {
    String deep = "{\"error\":{\"details\":".repeat(5000);
    assertThat(json(500, deep).kind()).isEqualTo(Kind.SERVER_ERROR);
    String responses = "{\"response\":".repeat(5000);
    assertThat(json(500, responses).kind()).isEqualTo(Kind.SERVER_ERROR);
    String longText = "{\"error\":{\"message\":\"" + "sk-".repeat(1_000_000) + "\"}}";
    assertThat(json(400, longText).message()).hasSizeLessThanOrEqualTo(SafeText.LONGEST);
  }

  private static WireError told(String sample, Dialect dialect) {
    return ProviderError.read(sample(sample)).toWireError(dialect, "p", "id");
  }

  private static String json(Dialect dialect, WireError error) {
    ByteBuf body = ErrorBody.json(UnpooledByteBufAllocator.DEFAULT, dialect, error);
    String text = body.toString(UTF_8);
    body.release();
    return text;
  }

  private static ProviderError json(int status, String body) {
    return ProviderError.read(reply(status, "application/json", body));
  }

  private static ErrorReply reply(int status, @Nullable String contentType, String body) {
    return new ErrorReply(status, contentType, body.getBytes(UTF_8), _ -> null, NOW);
  }

  /// A whole reply of HTTP/1.1.
  private static ErrorReply sample(String name) {
    String text = new String(Replay.sample("errors/" + name + ".http"), UTF_8);
    int end = text.indexOf("\r\n\r\n");
    String[] head = text.substring(0, end).split("\r\n", -1);
    Map<String, String> fields = new HashMap<>();
    for (int i = 1; i < head.length; i++) {
      int colon = head[i].indexOf(':');
      fields.put(
          head[i].substring(0, colon).toLowerCase(Locale.ROOT),
          head[i].substring(colon + 1).strip());
    }
    int status = Integer.parseInt(head[0].substring(9, 12));
    byte[] body = text.substring(end + 4).getBytes(UTF_8);
    return new ErrorReply(status, fields.get("content-type"), body, fields::get, NOW);
  }
}
