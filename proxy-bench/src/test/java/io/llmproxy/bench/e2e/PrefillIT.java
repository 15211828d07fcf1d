package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A broken message goes on from where it ended, by a provider that is given what was delivered;
/// one that refuses that tells it from the beginning.
@Timeout(60)
final class PrefillIT {

  private static final String HEAD =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
  private static final String BEGIN =
      event(
              "message_start",
              "\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}")
          + event(
              "content_block_start",
              "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
  private static final String END =
      event("content_block_stop", "\"index\":0")
          + event(
              "message_delta",
              "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}")
          + event("message_stop", "\"x\":1");
  private static final String REFUSAL =
      "HTTP/1.1 400 X\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n"
          + "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"This model"
          + " does not support assistant message prefill. The conversation must end with a user"
          + " message.\"}}";

  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private RawProvider first;
  private RawProvider second;
  private ProxyBed bed;

  private static String event(String type, String fields) {
    return "event: %s\ndata: {\"type\":\"%s\",%s}\n\n".formatted(type, type, fields);
  }

  private static String text(String piece) {
    return event(
        "content_block_delta",
        "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"%s\"}".formatted(piece));
  }

  @BeforeEach
  void start() throws IOException {
    first = new RawProvider();
    second = new RawProvider();
    String yaml = "    %s: {type: anthropic, api_key: k, base_url: \"%s\"}\n";
    String origin = "http://127.0.0.1:";
    bed =
        new ProxyBed(
            ProxyBed.Plan.of(Wire.H1)
                .withOthers(
                    yaml.formatted("first", origin + first.port())
                        + yaml.formatted("second", origin + second.port()))
                .withRoot(
                    """
                      routes:
                        - {model: both, targets: [first/m, second/m], resume: prefill}
                    """));
    first.script((line, _) -> {
      line.readRequest();
      line.write(HEAD + BEGIN + text("Hello ") + text("wor"));
    });
  }

  @AfterEach
  void stop() throws Exception {
    bed.assertAtRest();
    bed.close();
    first.close();
    second.close();
  }

  private Answer ask() throws Exception {
    String body =
        "{\"model\":\"both\",\"max_tokens\":9,\"stream\":true,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    return bed.ask(Wire.H1, Ask.post(Ask.MESSAGES, body));
  }

  private void assertWhole(Answer answer) {
    String told = BEGIN + text("Hello ") + text("wor") + text("ld");
    assertThat(answer.ending()).as(answer.text()).isEqualTo(Ending.WHOLE);
    assertThat(answer.text()).isEqualTo(told + END);
  }

  @Test
  void theSecondGoesOnFromWhereTheFirstEnded() throws Exception {
    second.script((line, _) -> {
      line.readRequest();
      bodies.add(line.body());
      line.write(HEAD + BEGIN + text("ld") + END);
    });
    assertWhole(ask());
    assertThat(bodies)
        .singleElement()
        .asString()
        .endsWith(
            "{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":\"Hello wor\"}]}");
  }

  @Test
  void aSecondThatRefusesThatTellsItFromTheBeginning() throws Exception {
    second.script((line, number) -> {
      line.readRequest();
      bodies.add(line.body());
      line.write(number == 0 ? REFUSAL : HEAD + BEGIN + text("Hello world") + END);
    });
    assertWhole(ask());
    assertThat(bodies).hasSize(2);
    assertThat(bodies.get(1)).doesNotContain("assistant");
  }

  @Test
  void aSecondThatTellsAnotherAnswerEndsItInAnError() throws Exception {
    second.script((line, number) -> {
      line.readRequest();
      line.write(number == 0 ? REFUSAL : HEAD + BEGIN + text("Hallo world") + END);
    });
    Answer answer = ask();
    assertThat(answer.text())
        .startsWith(BEGIN + text("Hello ") + text("wor"))
        .doesNotContain("Hallo");
    Refusals.assertBrokenOff(answer, Ask.MESSAGES);
  }
}
