package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.e2e.RawProvider.Talk;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A route's second target answers what the first cannot, unseen; and no provider is asked more
/// often than it is to be.
@Timeout(60)
final class RoutesIT {

  private static final String CONTENT =
      "data: {\"choices\":[{\"delta\":{\"content\":\"hello\"}}]}\n\n";
  static final String STREAM =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
  static final String WHOLE =
      STREAM
          + CONTENT
          + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

  private final RawProvider first = provider();
  private final RawProvider second = provider();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private ProxyBed bed;

  static RawProvider provider() {
    try {
      return new RawProvider();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() throws IOException {
    second.script(answering(WHOLE));
    bed =
        new ProxyBed(
            ProxyBed.Plan.of(Wire.H1)
                .withOthers(
                    yaml("first", first, "[{key: key-a}, {key: key-b}]")
                        + yaml("second", second, "[key-c]"))
                .withRoot(
                    """
                      retry: {base_delay: 20ms, max_delay: 1s}
                      routes:
                        - {model: both, targets: [first/m, second/m]}
                        - {model: alone, targets: [second/m]}
                        - model: quick
                          targets: [first/m, second/m]
                          timeouts: {response_head: 300ms, first_content: 400ms}
                    """));
  }

  static String yaml(String name, RawProvider provider, String keys) {
    return "    %s:\n      type: openai\n      api_keys: %s\n      base_url: \"%s\"\n"
        .formatted(name, keys, provider.baseUrl());
  }

  @AfterEach
  void stop() throws Exception {
    bed.assertAtRest();
    bed.close();
    first.close();
    second.close();
  }

  private Talk answering(String... answers) {
    return (line, number) -> {
      line.readRequest();
      heads.add(line.head());
      line.write(answers[Math.min(number, answers.length - 1)]);
    };
  }

  static String refusal(int status, String fields, String error) {
    return "HTTP/1.1 %d X\r\ncontent-type: application/json\r\n%sconnection: close\r\n\r\n{\"error\":{%s}}"
        .formatted(status, fields, error);
  }

  private Answer ask(String model) throws Exception {
    return bed.ask(Wire.H1, Ask.of(model, true));
  }

  static void assertWhole(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.text()).contains("hello").endsWith("data: [DONE]\n\n");
    assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 500, 502, 503, 529})
  void anErrorOfTheFirstIsNeverSeen(int status) throws Exception {
    first.script(answering(refusal(status, "", "\"message\":\"no\"")));
    Answer answer = ask("both");
    assertWhole(answer);
    assertThat(answer.header("x-llmproxy-provider")).isEqualTo("second");
    assertThat(answer.header("x-llmproxy-attempts")).isEqualTo("2");
    assertThat(first.requests()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\ncontent-ty",
        "this is not HTTP\r\n\r\n",
        STREAM,
        STREAM + "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n",
        STREAM + "data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}\n\n",
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html>busy</html>",
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n"
            + "{\"error\":{\"message\":\"busy\",\"code\":503}}",
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\n"
            + "connection: close\r\n\r\nxxxx"
      })
  void aReplyOfTheFirstWithoutContentIsNeverSeen(String reply) throws Exception {
    first.script(answering(reply));
    assertWhole(ask("both"));
    assertThat(first.requests()).isEqualTo(1);
  }

  @Test
  void whereNobodyListensTheSecondIsAskedAtOnce() throws Exception {
    first.close();
    long begin = System.nanoTime();
    assertWhole(ask("both"));
    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isLessThan(2_000);
  }

  @Test
  void aSilentTargetIsLeftAfterItsTimeAndNotAskedAgain() throws Exception {
    first.script((line, _) -> {
      line.readRequest();
      line.readRequest();
    });
    assertWhole(ask("quick"));
    assertThat(first.requests()).isEqualTo(1);
  }

  @Test
  void aTargetWithoutContentIsLeftAfterItsTime() throws Exception {
    first.script((line, _) -> {
      line.readRequest();
      line.write(STREAM + ": thinking\n\n");
      line.readRequest();
    });
    assertWhole(ask("quick"));
    assertThat(first.requests()).isEqualTo(1);
  }

  @Test
  void whatWasToldIsNeverToldAgain() throws Exception {
    first.script(answering(STREAM + CONTENT));
    Answer answer = ask("both");
    assertThat(answer.text()).startsWith(CONTENT).containsOnlyOnce("hello");
    Refusals.assertBrokenOff(answer, Ask.CHAT);
    assertThat(second.requests()).isZero();
  }

  @Test
  void aFaultOfTheRequestIsToldAtOnce() throws Exception {
    first.script(answering(refusal(400, "", "\"message\":\"temperature: too high\"")));
    Answer answer = ask("both");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("temperature");
    assertThat(second.requests()).isZero();
  }

  @Test
  void aPromptTooLongForTheFirstIsPutToTheSecondOnce() throws Exception {
    String error = "\"message\":\"too long\",\"code\":\"context_length_exceeded\"";
    first.script(answering(refusal(400, "", error)));
    assertWhole(ask("both"));
    second.script(answering(refusal(500, "", "\"message\":\"no\"")));
    Answer answer = ask("both");
    assertThat(answer.status()).as("the caller's own fault is told").isEqualTo(400);
    assertThat(answer.text()).contains("context_length_exceeded");
    assertThat(first.requests()).isEqualTo(2);
  }

  @Test
  void aKeyThatIsRejectedIsLetAloneAndTheOtherUsed() throws Exception {
    first.script((line, _) -> {
      line.readRequest();
      heads.add(line.head());
      boolean good = line.head().contains("key-b");
      line.write(good ? WHOLE : refusal(401, "", "\"message\":\"bad key\""));
    });
    for (int i = 0; i < 6; i++) {
      assertWhole(ask("both"));
    }
    assertThat(second.requests()).isZero();
    assertThat(heads.stream().filter(head -> head.contains("key-a")).count())
        .isLessThanOrEqualTo(1);
  }

  @Test
  void aKeyAtItsLimitRestsAsLongAsTheProviderSays() throws Exception {
    first.script(answering(refusal(429, "retry-after: 30\r\n", "\"message\":\"slow\"")));
    for (int i = 0; i < 5; i++) {
      assertWhole(ask("both"));
    }
    assertThat(first.requests()).as("each of its two keys once").isEqualTo(2);
    assertThat(second.requests()).isEqualTo(5);
  }

  @Test
  void aLoneTargetIsAskedAgainAfterTheTimeItNamesAndNotBefore() throws Exception {
    List<Long> times = new CopyOnWriteArrayList<>();
    second.script((line, number) -> {
      line.readRequest();
      times.add(System.nanoTime());
      line.write(
          number == 0 ? refusal(429, "retry-after-ms: 300\r\n", "\"message\":\"slow\"") : WHOLE);
    });
    assertWhole(ask("alone"));
    assertThat(times).hasSize(2);
    assertThat(times.get(1) - times.get(0)).isGreaterThanOrEqualTo(300_000_000L);
  }

  @Test
  void aWaitThatIsTooLongIsTheCallersToTake() throws Exception {
    second.script(answering(refusal(429, "retry-after: 20\r\n", "\"message\":\"slow\"")));
    Answer answer = ask("alone");
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("retry-after")).isEqualTo("20");
    assertThat(answer.header("x-should-retry")).isEmpty();
    assertThat(second.requests()).isEqualTo(1);
  }

  @Test
  void aRequestThatWouldBeOverTheProvidersLimitWaits() throws Exception {
    List<Long> times = new CopyOnWriteArrayList<>();
    String spent =
        STREAM.replace(
            "\r\n\r\n",
            "\r\nx-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 400ms\r\n\r\n");
    second.script((line, number) -> {
      line.readRequest();
      times.add(System.nanoTime());
      line.write(number == 0 ? WHOLE.replace(STREAM, spent) : WHOLE);
    });
    assertWhole(ask("alone"));
    assertWhole(ask("alone"));
    assertThat(times.get(1) - times.get(0)).isGreaterThanOrEqualTo(400_000_000L);
  }

  @Test
  void whoHasBeenAskedAgainInVainTellsTheCallerNotTo() throws Exception {
    second.script(answering(refusal(503, "x-should-retry: true\r\n", "\"message\":\"no\"")));
    Answer answer = ask("alone");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    assertThat(second.requests()).isEqualTo(3);
  }

  @Test
  void aCallerThatRepeatsItselfIsNotRepeatedAsOften() throws Exception {
    second.script(answering(refusal(503, "", "\"message\":\"no\"")));
    Ask again = Ask.of("alone", true).with("x-stainless-retry-count", "2");
    assertThat(bed.ask(Wire.H1, again).status()).isEqualTo(503);
    assertThat(second.requests()).isEqualTo(1);
  }

  @Test
  void laterAttemptsSayWhichTheyAre() throws Exception {
    first.script(answering(refusal(500, "", "\"message\":\"no\"")));
    assertWhole(bed.ask(Wire.H1, Ask.of("both", true).with("x-llmproxy-timeout-ms", "5000")));
    assertThat(heads.get(0))
        .doesNotContain("x-llmproxy-attempt")
        .contains("x-llmproxy-timeout-ms: ");
    assertThat(heads.get(1)).contains("x-llmproxy-attempt: 2\r\n");
  }

  @Test
  void aCallersOwnDeadlineEndsItAll() throws Exception {
    first.script((line, _) -> {
      line.readRequest();
      line.readRequest();
    });
    Answer answer = bed.ask(Wire.H1, Ask.of("both", true).with("x-llmproxy-timeout-ms", "300"));
    Refusals.assertOpenAi(answer, 504, "upstream_timeout");
    assertThat(second.requests()).isZero();
  }

  @Test
  void repetitionsAreAShareOfTheSuccesses() throws Exception {
    second.script(answering(refusal(500, "", "\"message\":\"no\"")));
    for (int i = 0; i < 30; i++) {
      assertThat(ask("alone").status()).isEqualTo(500);
    }
    assertThat(second.requests()).isBetween(40, 42);
  }

  @Test
  void aTargetThatIsDownIsAskedForProbesOnlyAndIsBackOnceItAnswers() throws Exception {
    first.script(answering(refusal(503, "", "\"message\":\"down\"")));
    for (int i = 0; i < 40; i++) {
      assertWhole(ask("both"));
    }
    assertThat(first.requests()).isBetween(5, 7);
    first.script(answering(WHOLE));
    long begin = System.nanoTime();
    Patience.until(
        "the first is asked again",
        () -> "first".equals(askQuietly("both").header("x-llmproxy-provider")));
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin)).isLessThan(10);
  }

  private Answer askQuietly(String model) {
    try {
      Answer answer = ask(model);
      assertWhole(answer);
      return answer;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCallerThatWouldHearNothingForLongHearsAComment() throws Exception {
    first.script((line, _) -> {
      line.readRequest();
      Thread.sleep(700);
      line.write(refusal(500, "", "\"message\":\"no\""));
    });
    try (ProxyBed beating = beating()) {
      Answer answer = beating.ask(Wire.H1, Ask.of("both", true));
      assertThat(answer.text()).startsWith(": still on its way\n\n").contains("hello");
      assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
      second.script(answering(refusal(400, "", "\"message\":\"too hot\"")));
      first.script((line, _) -> {
        line.readRequest();
        Thread.sleep(700);
        line.write(refusal(400, "", "\"message\":\"too hot\""));
      });
      Answer broken = beating.ask(Wire.H1, Ask.of("both", true));
      assertThat(broken.text()).startsWith(": still on its way\n\n").contains("too hot");
      Refusals.assertBrokenOff(broken, Ask.CHAT);
      beating.assertAtRest();
    }
  }

  private ProxyBed beating() throws IOException {
    return new ProxyBed(
        ProxyBed.Plan.of(Wire.H1)
            .withOthers(yaml("first", first, "[k]") + yaml("second", second, "[k]"))
            .withRoot(
                """
                  heartbeat: 300ms
                  routes:
                    - {model: both, targets: [first/m, second/m]}
                """));
  }
}
