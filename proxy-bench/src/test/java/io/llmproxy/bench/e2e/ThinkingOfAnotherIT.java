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

/// Edge case 29: what one Claude model thought and signed is sent to that model alone, not to the
/// one that is asked in its stead.
@Timeout(60)
final class ThinkingOfAnotherIT {

  private static final String REFUSAL =
      "HTTP/1.1 529 X\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n"
          + "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"no\"}}";
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n"
          + "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":"
          + "[{\"type\":\"text\",\"text\":\"hi\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
          + "\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";
  private static final String THINKING =
      "{\"type\":\"thinking\",\"thinking\":\"mm\",\"signature\":\"c2lnbmVk\"},"
          + "{\"type\":\"redacted_thinking\",\"data\":\"ZGF0YQ==\"},";
  private static final String REQUEST =
      "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"a\"},"
          + "{\"role\":\"assistant\",\"content\":["
          + "%s{\"type\":\"text\",\"text\":\"b\"}]},{\"role\":\"user\",\"content\":\"c\"}]}";

  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private RawProvider provider;
  private ProxyBed bed;

  @BeforeEach
  void start() throws IOException {
    provider = new RawProvider();
    bed =
        new ProxyBed(
            ProxyBed.Plan.of(Wire.H1)
                .withOthers(
                    "    claude: {type: anthropic, api_key: k, base_url: \"http://127.0.0.1:%d\"}\n"
                        .formatted(provider.port()))
                .withRoot(
                    """
                      routes:
                        - {model: other, targets: [claude/first, claude/second]}
                        - model: same
                          targets: [claude/first]
                          retry: {base_delay: 1ms, max_delay: 1ms, budget_percent: 100}
                    """));
    provider.script((line, number) -> {
      line.readRequest();
      bodies.add(line.body());
      line.write(number == 0 ? REFUSAL : ANSWER);
    });
  }

  @AfterEach
  void stop() throws Exception {
    bed.assertAtRest();
    bed.close();
    provider.close();
  }

  private void ask(String model) throws Exception {
    Answer answer = bed.ask(Wire.H1, Ask.post(Ask.MESSAGES, REQUEST.formatted(model, THINKING)));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  @Test
  void theModelThatIsAskedInsteadIsNotSentIt() throws Exception {
    ask("other");
    assertThat(bodies)
        .containsExactly(REQUEST.formatted("first", THINKING), REQUEST.formatted("second", ""));
  }

  @Test
  void theModelItselfIsSentItAgain() throws Exception {
    ask("same");
    assertThat(bodies)
        .containsExactly(
            REQUEST.formatted("first", THINKING), REQUEST.formatted("first", THINKING));
  }
}
