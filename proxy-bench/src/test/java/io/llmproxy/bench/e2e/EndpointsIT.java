package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What existing clients send, and find.
@Timeout(60)
final class EndpointsIT {

  private static ProxyBed bed;

  @BeforeAll
  static void start() throws IOException {
    bed = ProxyBed.of(Wire.H2);
  }

  @AfterAll
  static void stop() {
    bed.close();
  }

  @AfterEach
  void atRest() throws InterruptedException {
    bed.assertAtRest();
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void listsModelsInBothShapes(Wire wire) throws Exception {
    Map<?, ?> openAi = Json.object(bed.ask(wire, Ask.get("/v1/models")).text());
    assertThat(openAi.get("object")).isEqualTo("list");
    assertThat(first(openAi).toString()).contains("object=model", "created=", "owned_by=");
    assertThat(names(openAi)).contains("openai-alias", "sim-echo,id=glm", "anthropic-alias");
    Map<?, ?> anthropic =
        Json.object(
            bed.ask(wire, Ask.get("/v1/models?limit=20").with("anthropic-version", "2023-06-01"))
                .text());
    assertThat(anthropic.get("has_more")).isEqualTo(false);
    assertThat(first(anthropic).toString()).contains("type=model", "display_name=");
    assertThat(names(anthropic)).isEqualTo(names(openAi));
    assertThat(anthropic.get("first_id")).isEqualTo(names(anthropic).getFirst());
    assertThat(anthropic.get("last_id")).isEqualTo(names(anthropic).getLast());
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void tellsOneModel(Wire wire) throws Exception {
    Map<?, ?> model = Json.object(bed.ask(wire, Ask.get("/v1/models/grok-alias")).text());
    assertThat(model.get("id")).isEqualTo("grok-alias");
    assertThat(model.get("owned_by")).isEqualTo("grok");
    Answer percent = bed.ask(wire, Ask.get("/v1/models/openai%2Fgpt-6"));
    assertThat(percent.status()).as(percent.text()).isEqualTo(200);
    assertThat(Json.object(percent.text()).get("id")).isEqualTo("openai/gpt-6");
    Answer slash = bed.ask(wire, Ask.get("/v1/models/openai/gpt-6"));
    assertThat(Json.object(slash.text()).get("id")).isEqualTo("openai/gpt-6");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void answersHeadWithoutABody(Wire wire) throws Exception {
    try (Caller caller = wire.open(bed.address())) {
      for (String path : List.of("/", "/v1/models", "/health")) {
        Answer answer = caller.send(Ask.get(path).method("HEAD"));
        assertThat(answer.status()).as(path).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
      }
      Answer unknown = caller.send(Ask.get("/nothing").method("HEAD"));
      assertThat(unknown.status()).isEqualTo(404);
      assertThat(unknown.body()).isEmpty();
      assertThat(caller.send(Ask.get("/health")).text()).contains("\"status\":\"ok\"");
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void takesPathsWithAQueryOrUnderOpenai(Wire wire) throws Exception {
    try (Caller caller = wire.open(bed.address())) {
      String chat = Ask.body("openai/gpt-6", false, "");
      for (String path :
          List.of(
              "/openai/v1/chat/completions",
              "/openai/v1/chat/completions?api-version=2026-01-01",
              "/v1/chat/completions?beta=true")) {
        assertThat(caller.send(Ask.post(path, chat)).status()).as(path).isEqualTo(200);
      }
      Ask message = Ask.post("/v1/messages?beta=true", Ask.body("anthropic/c", true, ""));
      assertThat(caller.send(message).text()).contains("message_stop");
      assertThat(caller.send(Ask.get("/openai/v1/models")).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void tellsWhoAnswered(Wire wire) throws Exception {
    Answer answer = bed.ask(wire, Ask.of("groq-alias", false).with("x-request-id", "my-own-id"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers())
        .containsEntry("x-request-id", "my-own-id")
        .containsEntry("x-llmproxy-provider", "groq")
        .containsEntry("x-llmproxy-model", "sim-echo,id=groq")
        .containsEntry("x-llmproxy-attempts", "1")
        .containsEntry("x-ratelimit-limit-requests", "14400");
    assertThat(Long.parseLong(answer.header("x-llmproxy-overhead-us"))).isNotNegative();
    assertThat(answer.text()).contains("header x-request-id: my-own-id", "key.of-groq");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void keepsTheCallersKeyToItself(Wire wire) throws Exception {
    Ask ask =
        Ask.of("openai-alias", false)
            .with("authorization", "Bearer the-callers-own")
            .with("x-api-key", "another-of-the-callers")
            .with("cookie", "the-callers-cookie")
            .with("x-forwarded-for", "203.0.113.9");
    String seen = bed.ask(wire, ask).text();
    assertThat(seen)
        .contains("header authorization: Bearer key.of-openai")
        .doesNotContain("the-callers", "203.0.113.9");
  }

  /// The JDK's client asks to upgrade to HTTP/2 with every POST in clear text.
  @Test
  void answersAnUpgradeToH2cOverHttp1() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < 3; i++) {
        HttpRequest request =
            HttpRequest.newBuilder(bed.uri(Ask.CHAT))
                .POST(HttpRequest.BodyPublishers.ofString(Ask.body("openai/gpt-6", true, "")))
                .build();
        HttpResponse<String> reply =
            client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(reply.body()).contains("Paris").endsWith("data: [DONE]\n\n");
      }
    }
  }

  private static Map<?, ?> first(Map<?, ?> models) {
    return data(models).getFirst();
  }

  private static List<String> names(Map<?, ?> models) {
    return data(models).stream().map(model -> String.valueOf(model.get("id"))).toList();
  }

  private static List<Map<?, ?>> data(Map<?, ?> models) {
    List<Map<?, ?>> data = new ArrayList<>();
    if (models.get("data") instanceof List<?> list) {
      list.forEach(model -> data.add((Map<?, ?>) model));
    }
    return data;
  }
}
