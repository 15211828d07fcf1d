package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an error must look like to a caller of each dialect.
final class Refusals {

  private Refusals() {}

  /// Fails unless `answer` is a whole JSON error in OpenAI's shape.
  static void assertOpenAi(Answer answer, int status, @Nullable String code) throws IOException {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    openAi(answer.text(), code);
  }

  /// Fails unless `answer` is a whole JSON error in Anthropic's shape.
  static void assertAnthropic(Answer answer, int status, String type) throws IOException {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    Map<?, ?> error = anthropic(answer.text(), type);
    assertThat(answer.header("request-id")).isNotEmpty().isEqualTo(error.get("request_id"));
  }

  /// Fails unless `answer` broke off with an error record of its path's dialect, and never ended
  /// cleanly.
  static void assertBrokenOff(Answer answer, String path) throws IOException {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.ending()).as("ending of " + answer.text()).isNotEqualTo(Ending.WHOLE);
    String text = answer.text();
    assertThat(text).endsWith("\n\n").doesNotContain("[DONE]").doesNotContain("message_stop");
    int before = text.lastIndexOf("\n\n", text.length() - 3);
    String last = text.substring(before < 0 ? 0 : before + 2).strip();
    if (path.equals(Ask.MESSAGES)) {
      assertThat(last).startsWith("event: error\ndata: ");
      anthropic(last.substring(last.indexOf("data: ") + 6), null);
    } else {
      assertThat(last).startsWith("data: ");
      openAi(last.substring(6), null);
    }
  }

  private static void openAi(String json, @Nullable String code) throws IOException {
    Map<?, ?> error = Json.object(json);
    assertThat(error.get("error")).as(json).isInstanceOf(Map.class);
    assertThat((String) Json.at(error, "error", "message")).isNotBlank();
    if (code != null) {
      assertThat(Json.at(error, "error", "code")).as(json).isEqualTo(code);
    }
  }

  private static Map<?, ?> anthropic(String json, @Nullable String type) throws IOException {
    Map<?, ?> error = Json.object(json);
    assertThat(error.get("type")).as(json).isEqualTo("error");
    assertThat((String) Json.at(error, "error", "message")).isNotBlank();
    if (type != null) {
      assertThat(Json.at(error, "error", "type")).as(json).isEqualTo(type);
    }
    return error;
  }
}
