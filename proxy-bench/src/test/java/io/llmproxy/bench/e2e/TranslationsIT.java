package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.simulator.SimulatedProvider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A caller of each dialect is answered by every provider, in its own dialect.
final class TranslationsIT {

  private static final String WORDS = "This answer is simulated";
  private static ProxyBed http1;
  private static ProxyBed http2;

  @BeforeAll
  static void start() throws Exception {
    http1 = ProxyBed.of(Wire.H1);
    http2 = ProxyBed.of(Wire.H2);
  }

  @AfterAll
  static void stop() {
    http1.close();
    http2.close();
  }

  @AfterEach
  void atRest() throws InterruptedException {
    http1.assertAtRest();
    http2.assertAtRest();
  }

  private static Answer ask(Wire wire, String path, String model, boolean stream) throws Exception {
    String limit = path.equals(Ask.CHAT) ? "max_completion_tokens" : "max_tokens";
    String body =
        "{\"model\":\""
            + model
            + "\",\""
            + limit
            + "\":100,\"stream\":"
            + stream
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Where is \\u00dfaris?\"}]}";
    return (wire == Wire.H1 ? http2 : http1).ask(wire, Ask.post(path, body));
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void everyProviderAnswersAChat(Wire wire) throws Exception {
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      String model = provider.key() + "/sim-words,events=12";
      Answer whole = ask(wire, Ask.CHAT, model, false);
      assertThat(whole.status()).as(whole.text()).isEqualTo(200);
      Map<?, ?> chat = Json.object(whole.text());
      assertThat(chat.get("object")).isEqualTo("chat.completion");
      assertThat((String) Json.at(chat, "choices", "0", "message", "content")).startsWith(WORDS);
      assertThat(Json.at(chat, "choices", "0", "finish_reason")).isEqualTo("stop");
      assertThat(Json.at(chat, "usage", "completion_tokens")).isEqualTo(12);
      Answer stream = ask(wire, Ask.CHAT, model, true);
      assertThat(stream.ending()).isEqualTo(Ending.WHOLE);
      assertThat(stream.header("content-type")).startsWith("text/event-stream");
      assertThat(stream.text())
          .as(model)
          .endsWith("data: [DONE]\n\n")
          .contains("\"object\":\"chat.completion.chunk\"")
          .contains("\"finish_reason\":\"stop\"")
          .doesNotContain("event: ");
      assertThat(stream.header("x-llmproxy-provider")).isEqualTo(provider.key());
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void everyProviderAnswersAMessage(Wire wire) throws Exception {
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      String model = provider.key() + "/sim-words,events=12";
      Answer whole = ask(wire, Ask.MESSAGES, model, false);
      assertThat(whole.status()).as(whole.text()).isEqualTo(200);
      Map<?, ?> message = Json.object(whole.text());
      assertThat(message.get("type")).isEqualTo("message");
      assertThat((String) Json.at(message, "content", "0", "text")).startsWith(WORDS);
      assertThat(message.get("stop_reason")).isEqualTo("end_turn");
      assertThat(Json.at(message, "usage", "output_tokens")).isEqualTo(12);
      Answer stream = ask(wire, Ask.MESSAGES, model, true);
      assertThat(stream.ending()).isEqualTo(Ending.WHOLE);
      assertThat(stream.text())
          .as(model)
          .startsWith("event: message_start\n")
          .contains("event: content_block_delta\n")
          .contains("\"stop_reason\":\"end_turn\"")
          .doesNotContain("[DONE]");
      assertThat(stream.text().split("event: message_stop", -1)).hasSize(2);
    }
  }

  private static Answer respond(Wire wire, String model, boolean stream) throws Exception {
    String body =
        "{\"model\":\"%s\",\"max_output_tokens\":100,\"stream\":%s,\"input\":\"Where?\"}"
            .formatted(model, stream);
    return (wire == Wire.H1 ? http2 : http1).ask(wire, Ask.post("/v1/responses", body));
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void everyProviderAnswersAResponse(Wire wire) throws Exception {
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      String model = provider.key() + "/sim-words,events=12";
      Answer whole = respond(wire, model, false);
      assertThat(whole.status()).as(whole.text()).isEqualTo(200);
      Map<?, ?> response = Json.object(whole.text());
      assertThat(response.get("object")).isEqualTo("response");
      assertThat(response.get("status")).isEqualTo("completed");
      assertThat((String) Json.at(response, "output", "0", "content", "0", "text"))
          .as(model)
          .startsWith(WORDS);
      assertThat(Json.at(response, "usage", "output_tokens")).isEqualTo(12);
      Answer stream = respond(wire, model, true);
      assertThat(stream.ending()).as(stream.text()).isEqualTo(Ending.WHOLE);
      assertThat(stream.text())
          .as(model)
          .contains("response.created", "response.output_text.delta")
          .doesNotContain("[DONE]");
      assertThat(stream.text().split("\"type\":\"response.completed\"", -1)).hasSize(2);
    }
  }

  @Test
  void aResponseThatNeedsAStoreIsRefused() throws Exception {
    Answer refused =
        http1.ask(
            Wire.H1,
            Ask.post(
                "/v1/responses",
                "{\"model\":\"glm/glm-5.3\",\"input\":\"a\",\"previous_response_id\":\"r\"}"));
    Refusals.assertOpenAi(refused, 400, null);
    assertThat(refused.text()).contains("previous_response_id");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void anErrorIsToldInTheCallersDialect(Wire wire) throws Exception {
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      String limited = provider.key() + "/sim-status=429,retry_after=7";
      Answer chat = ask(wire, Ask.CHAT, limited, true);
      Refusals.assertOpenAi(chat, 429, "rate_limit_exceeded");
      assertThat(chat.header("retry-after")).isEqualTo("7");
      Answer message = ask(wire, Ask.MESSAGES, limited, false);
      if (provider == SimulatedProvider.ANTHROPIC) {
        assertThat(message.text()).startsWith("{\"type\":\"error\"").contains("rate_limit_error");
      } else {
        Refusals.assertAnthropic(message, 429, "rate_limit_error");
      }
      Refusals.assertOpenAi(
          ask(wire, Ask.CHAT, provider.key() + "/sim-status=401", false), 502, "upstream_error");
      Refusals.assertAnthropic(
          ask(wire, Ask.MESSAGES, provider.key() + "/sim-status=401", true), 502, "api_error");
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aStreamThatIsCutBreaksOffInTheCallersDialect(Wire wire) throws Exception {
    for (String fault : List.of("cut=4", "end=4", "close=4")) {
      Refusals.assertBrokenOff(
          ask(wire, Ask.CHAT, "anthropic/sim-events=9," + fault, true), Ask.CHAT);
      Refusals.assertBrokenOff(
          ask(wire, Ask.MESSAGES, "openai/sim-events=9," + fault, true), Ask.MESSAGES);
      Refusals.assertOpenAi(
          ask(wire, Ask.CHAT, "anthropic/sim-events=9,bytes=900," + fault, false),
          502,
          "upstream_error");
      Refusals.assertAnthropic(
          ask(wire, Ask.MESSAGES, "grok/sim-events=9,bytes=900," + fault, false), 502, "api_error");
    }
  }

  @Test
  void anErrorRecordInAStreamIsTranslated() throws Exception {
    Answer chat = ask(Wire.H2, Ask.CHAT, "anthropic/sim-events=9,error_event=3", true);
    Refusals.assertBrokenOff(chat, Ask.CHAT);
    Answer message = ask(Wire.H2, Ask.MESSAGES, "groq/sim-events=9,error_event=3", true);
    Refusals.assertBrokenOff(message, Ask.MESSAGES);
  }

  @Test
  void countsTokensWhereTheProviderCannot() throws Exception {
    Answer count =
        http1.ask(
            Wire.H1,
            Ask.post("/v1/messages/count_tokens", Ask.body("openai/gpt-6.1-terra", false, "")));
    assertThat(count.status()).isEqualTo(200);
    assertThat(count.header("x-llmproxy-token-count")).isEqualTo("estimated");
    assertThat((Integer) Json.object(count.text()).get("input_tokens")).isBetween(3, 30);
    assertThat(http1.books().openStreams()).isZero();
  }

  @Test
  void tellsWhatTheProviderWasNotSent() throws Exception {
    Answer chat =
        http1.ask(
            Wire.H1,
            Ask.post(Ask.CHAT, Ask.body("groq/sim-events=3", false, ",\"logprobs\":true")));
    assertThat(chat.status()).as(chat.text()).isEqualTo(200);
    assertThat(chat.header("x-llmproxy-dropped")).isEqualTo("logprobs");
  }

  @Test
  void refusesWhatTheProviderCannotBeAsked() throws Exception {
    Answer chat =
        http1.ask(Wire.H1, Ask.post(Ask.CHAT, Ask.body("groq/sim-events=3", false, ",\"n\":2")));
    Refusals.assertOpenAi(chat, 400, null);
    assertThat(Json.at(Json.object(chat.text()), "error", "param")).isEqualTo("n");
    Answer embeddings =
        http1.ask(
            Wire.H1, Ask.post("/v1/embeddings", "{\"model\":\"anthropic/x\",\"input\":\"a\"}"));
    Refusals.assertOpenAi(embeddings, 400, "unsupported_parameter");
  }

  @Test
  void tellsTheCostOfAnAnswerThatIsNoStream() throws Exception {
    Answer chat =
        http1.ask(Wire.H1, Ask.post(Ask.CHAT, Ask.body("openai/gpt-6.1-terra", false, "")));
    assertThat(chat.header("x-llmproxy-cost-usd")).matches("0\\.0000\\d{5}");
  }
}
