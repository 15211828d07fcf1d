package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A stream that breaks after its content has begun goes on at the route's next target, with no
/// character lost, repeated or altered; where the next tells another answer, it ends in an error.
@Timeout(120)
final class ResumeIT {

  private static final List<String> FAULTS =
      List.of("cut=5", "drop=5", "close=5", "end=5", "stall=5", "error_event=5", "close=700b");
  private static final List<String> PROVIDERS =
      List.of("openai", "anthropic", "glm", "groq", "grok");
  private static final String WORDS = "words,events=12";
  private static final Pattern PIECE =
      Pattern.compile("\"(?:content|text|delta)\":\"((?:[^\"\\\\]|\\\\.)*)\"");

  private static ProxyBed bed;

  @BeforeAll
  static void start() throws IOException {
    StringBuilder routes = new StringBuilder("  routes:\n");
    for (String provider : PROVIDERS) {
      for (String fault : FAULTS) {
        route(routes, provider + " " + fault, provider, fault, WORDS);
      }
    }
    route(routes, "other", "openai", "cut=5", "events=20,bytes=16");
    String next = "  timeouts: {idle: 400ms}\n";
    bed = new ProxyBed(ProxyBed.Plan.of(Wire.H2).withRoot(next + routes));
  }

  private static void route(
      StringBuilder yaml, String name, String provider, String fault, String then) {
    yaml.append(
        "    - {model: \"%s\", targets: [\"%s/sim-%s,%s\", \"groq/sim-%s\"], resume: agreed_prefix}\n"
            .formatted(name, provider, WORDS, fault, then));
  }

  @AfterAll
  static void stop() {
    bed.close();
  }

  @AfterEach
  void atRest() throws InterruptedException {
    bed.assertAtRest();
  }

  static List<String> broken() {
    List<String> all = new ArrayList<>();
    PROVIDERS.forEach(provider -> FAULTS.forEach(fault -> all.add(provider + " " + fault)));
    return all;
  }

  @ParameterizedTest
  @MethodSource("broken")
  void goesOnAtTheNextTarget(String model) throws Exception {
    for (String path : List.of(Ask.CHAT, Ask.MESSAGES, "/v1/responses")) {
      String wanted = text(bed.ask(Wire.H1, ask(path, "groq/sim-" + WORDS)));
      assertThat(wanted).startsWith("This answer is simulated.");
      Answer answer = bed.ask(Wire.H1, ask(path, model));
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      assertThat(answer.ending()).as(path + answer.text()).isEqualTo(Ending.WHOLE);
      assertThat(text(answer)).as(path).isEqualTo(wanted);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Ask.CHAT, Ask.MESSAGES})
  void endsInAnErrorWhereTheNextTellsAnotherAnswer(String path) throws Exception {
    Answer answer = bed.ask(Wire.H1, ask(path, "other"));
    assertThat(text(answer)).isNotEmpty();
    Refusals.assertBrokenOff(answer, path);
  }

  private static Ask ask(String path, String model) {
    String prompt = "[{\"role\":\"user\",\"content\":\"Where is Paris?\"}]";
    String body =
        path.equals("/v1/responses")
            ? "{\"model\":\"%s\",\"stream\":true,\"store\":false,\"input\":%s}"
            : "{\"model\":\"%s\",\"stream\":true,\"max_tokens\":64,\"messages\":%s}";
    return Ask.post(path, body.formatted(model, prompt));
  }

  /// All text that the stream's pieces come to.
  private static String text(Answer answer) {
    StringBuilder text = new StringBuilder();
    for (String record : answer.text().split("\n\n", -1)) {
      boolean piece =
          (record.contains("\"delta\":{\"") && record.contains("choices"))
              || record.contains("text_delta")
              || record.contains("\"type\":\"response.output_text.delta\"");
      Matcher matcher = PIECE.matcher(record);
      if (piece && matcher.find()) {
        text.append(matcher.group(1));
      }
    }
    return text.toString();
  }
}
