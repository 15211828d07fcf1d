package io.llmproxy.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.faults.FaultCase.End;
import io.llmproxy.bench.faults.FaultCase.Range;
import io.llmproxy.bench.simulator.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Transcripts that were doctored do not pass.
final class JudgeTest {

  private static final String TEXT = "It comes word by word.";
  private static final Tokens BILLED = new Tokens(40, 0, 0, 5, 0);
  private static final Judge.Seen SEEN = seen(List.of(0L), List.of(1L));

  private static Judge.Seen seen(List<Long> first, List<Long> second) {
    return new Judge.Seen(List.of(first, second), 0, List.of(BILLED));
  }

  private static Judge judge(End end) {
    FaultCase fault =
        new FaultCase(
            "0",
            "a fault",
            false,
            List.of("status=500", ""),
            end,
            List.of(end == End.REFUSAL ? 400 : 200),
            List.of(end == End.REFUSAL ? "too long" : ""),
            List.of(new Range(1, 2), new Range(1, 1)),
            1000,
            500,
            true);
    return new Judge(fault, TEXT);
  }

  private static Transcript stream(AskedDialect dialect, String body) {
    return new Transcript(dialect, true, 200, body, true, 1);
  }

  private static String whole(AskedDialect dialect) {
    return switch (dialect) {
      case CHAT ->
          """
          data: {"choices":[{"delta":{"content":"It comes "},"finish_reason":null}],"usage":null}

          data: {"choices":[{"delta":{"content":"word by word."},"finish_reason":null}],"usage":null}

          data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":null}

          data: {"choices":[],"usage":{"prompt_tokens":40,"completion_tokens":5}}

          data: [DONE]

          """;
      case MESSAGES -> MESSAGE;
      case RESPONSES ->
          """
          data: {"type":"response.created","sequence_number":0,"response":{"usage":null}}

          data: {"type":"response.output_text.delta","sequence_number":1,"delta":"It comes "}

          data: {"type":"response.output_text.delta","sequence_number":2,"delta":"word by word."}

          data: {"type":"response.completed","sequence_number":3,"response":{"output":[{"content":[{"text":"It comes word by word."}]}],"usage":{"input_tokens":40,"output_tokens":5}}}

          """;
    };
  }

  private static String cut(String body, String part) {
    int at = body.indexOf(part);
    return body.substring(0, body.lastIndexOf("\n\n", at) + 2);
  }

  private static final String PART = "word by word.";

  private static final String MESSAGE =
      """
      event: message_start
      data: {"type":"message_start","message":{"usage":{"input_tokens":40,"output_tokens":1}}}

      data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"It comes "}}

      data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"word by word."}}

      data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":5}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  @ParameterizedTest
  @EnumSource(AskedDialect.class)
  void aWholeAnswerPasses(AskedDialect dialect) {
    assertThat(judge(End.ANSWER).judge(stream(dialect, whole(dialect)), SEEN)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(AskedDialect.class)
  void aRepeatedPartDoesNotPass(AskedDialect dialect) {
    String body = whole(dialect);
    int from = body.lastIndexOf("\n\n", body.indexOf(PART)) + 2;
    int to = body.indexOf("\n\n", from) + 2;
    String repeated = body.substring(0, to) + body.substring(from);
    assertThat(judge(End.ANSWER).judge(stream(dialect, repeated), SEEN))
        .anyMatch(flaw -> flaw.startsWith("text of 35 characters, not 22, another from 22 on"));
  }

  @ParameterizedTest
  @EnumSource(AskedDialect.class)
  void aLostCharacterDoesNotPass(AskedDialect dialect) {
    String body = whole(dialect).replace("by word", "by wrd");
    assertThat(judge(End.ANSWER).judge(stream(dialect, body), SEEN))
        .contains("text of 21 characters, not 22, another from 18 on");
  }

  @ParameterizedTest
  @EnumSource(AskedDialect.class)
  void aCutThatIsToldAsWholeDoesNotPass(AskedDialect dialect) {
    String body = cut(whole(dialect), PART);
    assertThat(judge(End.ANSWER).judge(stream(dialect, body), SEEN)).contains("0 ends");
    String last = whole(dialect).substring(whole(dialect).stripTrailing().lastIndexOf("\n\n") + 2);
    assertThat(judge(End.ANSWER).judge(stream(dialect, body + last), SEEN)).isNotEmpty();
    assertThat(judge(End.ANSWER_OR_ERROR).judge(stream(dialect, body), SEEN)).contains("0 ends");
  }

  @ParameterizedTest
  @EnumSource(AskedDialect.class)
  void aSecondEndDoesNotPass(AskedDialect dialect) {
    String body = whole(dialect);
    String last = body.substring(body.stripTrailing().lastIndexOf("\n\n") + 2);
    assertThat(judge(End.ANSWER).judge(stream(dialect, body + last), SEEN)).contains("2 ends");
  }

  @ParameterizedTest
  @EnumSource(AskedDialect.class)
  void aBodyThatBrokeOffDoesNotPass(AskedDialect dialect) {
    Transcript broken = new Transcript(dialect, true, 200, whole(dialect), false, 1);
    assertThat(judge(End.ANSWER).judge(broken, SEEN)).contains("the body broke off");
  }

  @ParameterizedTest
  @EnumSource(AskedDialect.class)
  void wrongUsageDoesNotPass(AskedDialect dialect) {
    String body = whole(dialect).replace("_tokens\":5", "_tokens\":6");
    assertThat(judge(End.ANSWER).judge(stream(dialect, body), SEEN))
        .contains("usage 40/6, the books say 40/5");
  }

  @Test
  void usageThatIsToldTwiceDoesNotPassUnlessItIsBait() {
    String body = whole(AskedDialect.CHAT);
    String bait = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n" + body;
    assertThat(judge(End.ANSWER).judge(stream(AskedDialect.CHAT, bait), SEEN))
        .contains("usage was told 2 times");
    assertThat(judge(End.BAITED).judge(stream(AskedDialect.CHAT, bait), SEEN)).isEmpty();
  }

  @Test
  void numbersThatGoBackDoNotPass() {
    String body = whole(AskedDialect.RESPONSES).replace("number\":2", "number\":1");
    assertThat(judge(End.ANSWER).judge(stream(AskedDialect.RESPONSES, body), SEEN))
        .contains("sequence_number 1 after 1");
  }

  @Test
  void tooManyAttemptsDoNotPass() {
    Transcript good = stream(AskedDialect.CHAT, whole(AskedDialect.CHAT));
    List<Long> thrice = List.of(0L, 2_000_000_000L, 4_000_000_000L);
    assertThat(judge(End.ANSWER).judge(good, seen(thrice, List.of(1L))))
        .containsExactly("target 1 was asked 3 times, not 1 to 2");
    assertThat(judge(End.ANSWER).judge(good, seen(List.of(0L), List.of())))
        .containsExactly("target 2 was asked 0 times, not 1 to 1");
    assertThat(
            judge(End.ANSWER)
                .judge(good, new Judge.Seen(List.of(List.of(0L), List.of(1L)), 1, List.of(BILLED))))
        .containsExactly("something else was asked");
  }

  @Test
  void askingAgainTooSoonDoesNotPass() {
    Transcript good = stream(AskedDialect.CHAT, whole(AskedDialect.CHAT));
    assertThat(judge(End.ANSWER).judge(good, seen(List.of(0L, 900_000_000L), List.of(1L))))
        .containsExactly("target 1 was asked again after 900 ms, not 1000");
  }

  @Test
  void anAnswerThatIsLateDoesNotPass() {
    Transcript late =
        new Transcript(AskedDialect.CHAT, true, 200, whole(AskedDialect.CHAT), true, 501_000_000);
    assertThat(judge(End.ANSWER).judge(late, SEEN)).containsExactly("took 501 ms, at most 500");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          400 | {"error":{"message":"it is too long"}}     | true
          500 | {"error":{"message":"it is too long"}}     | false
          400 | {"error":{"message":"it is wrong"}}        | false
          400 | {"message":"it is too long"}               | false
          400 | it is too long                             | false
          """)
  void aRefusalIsOfTheStatusTheDialectAndTheWords(int status, String body, boolean passes) {
    Transcript reply = new Transcript(AskedDialect.CHAT, true, status, body, true, 1);
    assertThat(judge(End.REFUSAL).judge(reply, SEEN).isEmpty()).isEqualTo(passes);
  }

  @ParameterizedTest
  @EnumSource(AskedDialect.class)
  void aPartWithAnErrorRecordPassesOnlyWhereItMay(AskedDialect dialect) {
    String error =
        dialect == AskedDialect.CHAT
            ? "data: {\"error\":{\"message\":\"cut\"}}\n\n"
            : "data: {\"type\":\"error\",\"error\":{\"message\":\"cut\"}}\n\n";
    Transcript broken =
        new Transcript(dialect, true, 200, cut(whole(dialect), PART) + error, false, 1);
    assertThat(judge(End.ANSWER_OR_ERROR).judge(broken, SEEN)).isEmpty();
    assertThat(judge(End.ANSWER).judge(broken, SEEN)).contains("an error record");
    Transcript both = stream(dialect, whole(dialect) + error);
    assertThat(judge(End.ANSWER_OR_ERROR).judge(both, SEEN))
        .contains("an error, and an end as of a whole answer");
  }

  @Test
  void anOutageThatIsSeenOrNeverEndsDoesNotPass() {
    Outage seen = new Outage(3);
    seen.asked(SEEN, false, List.of("status 503"));
    seen.asked(SEEN, true, List.of());
    assertThat(seen.wrong()).containsExactly("1 of 2 requests went wrong", "status 503");
    Outage endless = new Outage(3);
    for (int i = 0; i < 14; i++) {
      endless.asked(SEEN, false, List.of());
    }
    assertThat(endless.wrong())
        .containsExactly(
            "the first target was asked 14 times, at most 13",
            "the first target was not back within 10 s");
  }

  @ParameterizedTest
  @CsvSource({
    "'3\r\nabc\r\n0\r\n\r\n', abc, true",
    "'3\r\nabc\r\n0\r\n', abc, false",
    "'3\r\nabc\r\n', abc, false",
    "'3\r\nab', ab, false"
  })
  void aChunkedBodyIsCleanOnlyWithItsEnd(String chunks, String text, boolean clean) {
    assertThat(FaultCaller.Body.of("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked", chunks))
        .isEqualTo(new FaultCaller.Body(text, clean));
    assertThat(FaultCaller.Body.of("HTTP/1.1 200 OK\r\ncontent-length: 3", "ab").clean()).isFalse();
  }

  @Test
  void everyRowOfTheTableCanBeReadAndRun() {
    assertThat(FaultCase.all())
        .hasSizeGreaterThan(16)
        .allSatisfy(fault -> {
          assertThat(fault.attempts()).hasSameSizeAs(fault.targets());
          assertThat(fault.statuses().size()).isIn(1, 3);
          assertThat(fault.says().size()).isIn(1, 3);
        });
    for (int number = 1; number <= 16; number++) {
      String id = Integer.toString(number);
      assertThat(FaultCase.all()).anyMatch(fault -> fault.id().matches(id + "[a-z]?"));
    }
  }

  @Test
  void everyClaimNamesRowsAndTestsThatExist() throws Exception {
    assertThat(Claim.all()).hasSize(19);
    for (Claim claim : Claim.all()) {
      for (String test : claim.tests()) {
        String file = "src/test/java/io/llmproxy/" + test.replace('.', '/') + ".java";
        assertThat(List.of(Path.of(file), Path.of("../proxy-core", file))).anyMatch(Files::exists);
      }
      assertThat(FaultCase.all()).extracting(FaultCase::id).containsAll(claim.cases());
      assertThat(claim.tests().isEmpty() && claim.cases().isEmpty())
          .isEqualTo(claim.open().equals("all of it"));
    }
  }
}
