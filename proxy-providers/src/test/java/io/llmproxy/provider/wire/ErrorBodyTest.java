package io.llmproxy.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.provider.json.JsonOracle;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ErrorBodyTest {
  private static final String HOSTILE =
      "\"},\"x\":{\"\n\ndata: [DONE]\n\n\r\u0000\u001F\u007F\\ \u2028 \u6A21\uD83D\uDE00\uD83D";
  private static final String HOSTILE_READ = HOSTILE.substring(0, HOSTILE.length() - 1) + "\uFFFD";

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void keepsAnyMessageInsideItsString(Dialect dialect) {
    String json = json(dialect, error(500, HOSTILE, HOSTILE));
    Map<String, Object> body = JsonOracle.object(json.getBytes(StandardCharsets.UTF_8));
    assertThat(body.get("error"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("message", HOSTILE_READ);
    assertThat(body).doesNotContainKey("x");
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void keepsAnyMessageInsideOneRecord(Dialect dialect) {
    String record = record(dialect, error(500, HOSTILE, HOSTILE));
    assertThat(record).endsWith("}\n\n").doesNotContain("\r");
    assertThat(record.strip()).doesNotContain("\n\n");
    String data = record.substring(record.indexOf("data: ") + 6);
    assertThat(data.strip()).doesNotContain("\n");
    assertThat(JsonOracle.accepts(data.getBytes(StandardCharsets.UTF_8))).isTrue();
  }

  @Test
  void speaksOpenAisDialect() {
    assertThat(json(Dialect.OPENAI_CHAT, error(400, "no model", "model")))
        .isEqualTo(
            """
            {"error":{"message":"no model","type":"a_type","param":"model","code":"a_code"}}\
            """);
    assertThat(json(Dialect.OPENAI_RESPONSES, error(400, "no model", null)))
        .isEqualTo(
            """
            {"error":{"message":"no model","type":"a_type","param":null,"code":"a_code"}}\
            """);
  }

  @Test
  void speaksAnthropicsDialect() {
    assertThat(json(Dialect.ANTHROPIC_MESSAGES, error(404, "no model", "model")))
        .isEqualTo(
            """
            {"type":"error","error":{"type":"not_found_error","message":"no model"},\
            "request_id":"req_1"}\
            """);
  }

  @Test
  void endsAStreamInEachDialect() {
    WireError error = error(502, "gone", null);
    assertThat(record(Dialect.OPENAI_CHAT, error))
        .isEqualTo(
            """
            data: {"error":{"message":"gone","type":"a_type","param":null,"code":"a_code"}}

            """);
    assertThat(record(Dialect.OPENAI_RESPONSES, error))
        .isEqualTo(
            """
            event: error
            data: {"type":"error","code":"a_code","message":"gone","param":null,\
            "sequence_number":0}

            """);
    assertThat(record(Dialect.ANTHROPIC_MESSAGES, error))
        .isEqualTo(
            """
            event: error
            data: {"type":"error","error":{"type":"api_error","message":"gone"},\
            "request_id":"req_1"}

            """);
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_request_error",
    "401, authentication_error",
    "402, billing_error",
    "403, permission_error",
    "404, not_found_error",
    "405, invalid_request_error",
    "408, timeout_error",
    "409, conflict_error",
    "413, request_too_large",
    "415, invalid_request_error",
    "429, rate_limit_error",
    "500, api_error",
    "502, api_error",
    "503, overloaded_error",
    "504, timeout_error",
    "529, overloaded_error"
  })
  void givesAnthropicsClientsTheTypeOfTheStatus(int status, String type) {
    assertThat(json(Dialect.ANTHROPIC_MESSAGES, error(status, "m", null)))
        .contains("\"error\":{\"type\":\"" + type + "\"");
  }

  @Test
  void refusesAStatusThatIsNoError() {
    assertThatThrownBy(() -> error(200, "m", null)).isInstanceOf(IllegalArgumentException.class);
  }

  private static WireError error(int status, String message, @Nullable String param) {
    return new WireError(status, "a_type", "a_code", message, param, "req_1");
  }

  private static String json(Dialect dialect, WireError error) {
    return text(ErrorBody.json(PooledByteBufAllocator.DEFAULT, dialect, error));
  }

  private static String record(Dialect dialect, WireError error) {
    return text(ErrorBody.record(PooledByteBufAllocator.DEFAULT, dialect, error));
  }

  private static String text(ByteBuf bytes) {
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertThat(bytes.release()).isTrue();
    return text;
  }
}
