package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.simulator.SimulatedProvider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A provider that answers by JSON though a stream was asked for, or the reverse: a caller of each
/// dialect is given the shape that it asked for. Case 47 of the edge cases.
final class ShapesIT {

  private static final String RESPONSES = "/v1/responses";
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
    String said =
        path.equals(RESPONSES)
            ? "\"max_output_tokens\":100,\"input\":\"Where?\""
            : (path.equals(Ask.CHAT) ? "\"max_completion_tokens\"" : "\"max_tokens\"")
                + ":100,\"messages\":[{\"role\":\"user\",\"content\":\"Where?\"}]";
    String body = "{\"model\":\"%s\",\"stream\":%s,%s}".formatted(model, stream, said);
    return (wire == Wire.H1 ? http2 : http1).ask(wire, Ask.post(path, body));
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aCallerOfAStreamIsGivenOne(Wire wire) throws Exception {
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      String model = provider.key() + "/sim-words,events=12,shape=json";
      for (String path : List.of(Ask.CHAT, Ask.MESSAGES, RESPONSES)) {
        Answer stream = ask(wire, path, model, true);

        assertThat(stream.status()).as(stream.text()).isEqualTo(200);
        assertThat(stream.ending()).isEqualTo(Ending.WHOLE);
        assertThat(stream.header("content-type")).startsWith("text/event-stream");
        assertThat(stream.header("cache-control")).isEqualTo("no-cache");
        assertThat(stream.header("x-llmproxy-provider")).isEqualTo(provider.key());
        assertThat(stream.text()).as(model).contains(WORDS).endsWith("\n\n");
        assertThat(stream.text().split(end(path), -1)).as(stream.text()).hasSize(2);
      }
    }
  }

  private static String end(String path) {
    return switch (path) {
      case Ask.CHAT -> "data: \\[DONE]\n\n$";
      case Ask.MESSAGES -> "event: message_stop\n";
      default -> "event: response.completed\n";
    };
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aCallerOfJsonIsGivenIt(Wire wire) throws Exception {
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      String model = provider.key() + "/sim-words,events=12,shape=stream";
      Map<?, ?> chat = json(ask(wire, Ask.CHAT, model, false));
      assertThat(chat.get("object")).isEqualTo("chat.completion");
      assertThat((String) Json.at(chat, "choices", "0", "message", "content")).startsWith(WORDS);
      assertThat(Json.at(chat, "choices", "0", "finish_reason")).isEqualTo("stop");
      Map<?, ?> message = json(ask(wire, Ask.MESSAGES, model, false));
      assertThat(message.get("type")).isEqualTo("message");
      assertThat((String) Json.at(message, "content", "0", "text")).startsWith(WORDS);
      assertThat(message.get("stop_reason")).isEqualTo("end_turn");
      assertThat(Json.at(message, "usage", "output_tokens")).isInstanceOf(Integer.class);
      Map<?, ?> response = json(ask(wire, RESPONSES, model, false));
      assertThat(response.get("status")).isEqualTo("completed");
      assertThat((String) Json.at(response, "output", "0", "content", "0", "text"))
          .as(model)
          .startsWith(WORDS);
    }
  }

  private static Map<?, ?> json(Answer answer) throws Exception {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.header("content-length")).isEqualTo(Integer.toString(answer.body().length));
    return Json.object(answer.text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut=4", "end=4", "close=4", "error_event=4"})
  void aCallerOfJsonIsToldThatItsStreamWasCut(String fault) throws Exception {
    for (String provider : List.of("openai", "anthropic", "glm")) {
      String model = provider + "/sim-events=9,bytes=900,shape=stream," + fault;
      for (Wire wire : Wire.values()) {
        Answer chat = ask(wire, Ask.CHAT, model, false);
        assertThat(chat.status()).as(chat.text()).isGreaterThanOrEqualTo(500);
        Refusals.assertOpenAi(chat, chat.status(), null);
        Answer message = ask(wire, Ask.MESSAGES, model, false);
        assertThat(message.status()).as(message.text()).isGreaterThanOrEqualTo(500);
        assertThat(message.text()).startsWith("{\"type\":\"error\"");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut=4", "end=4", "close=4"})
  void aCallerOfAStreamIsToldThatItsJsonWasCut(String fault) throws Exception {
    for (String provider : List.of("openai", "anthropic", "glm")) {
      String model = provider + "/sim-events=9,bytes=900,shape=json," + fault;
      for (Wire wire : Wire.values()) {
        Refusals.assertOpenAi(ask(wire, Ask.CHAT, model, true), 502, "upstream_error");
        Refusals.assertAnthropic(ask(wire, Ask.MESSAGES, model, true), 502, "api_error");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLongReplyIsHeldAndGivenWhole(boolean stream) throws Exception {
    String model = "/sim-events=300,bytes=4KiB,shape=" + (stream ? "json" : "stream");
    for (String provider : List.of("openai", "anthropic")) {
      Answer answer = ask(Wire.H2, Ask.MESSAGES, provider + model, stream);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
      assertThat(answer.body()).hasSizeGreaterThan(300 * 4096);
    }
  }
}
