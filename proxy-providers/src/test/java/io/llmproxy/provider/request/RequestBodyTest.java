package io.llmproxy.provider.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.provider.json.Texts;
import io.llmproxy.provider.wire.Operation;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class RequestBodyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                               | NOT_JSON        |",
        "{\"model\":\"m\"                 | NOT_JSON        |",
        "{\"model\":\"m\"}}               | NOT_JSON        |",
        "{\"model\":'m'}                  | NOT_JSON        |",
        "[]                               | NOT_AN_OBJECT   |",
        "\"model\"                        | NOT_AN_OBJECT   |",
        "null                             | NOT_AN_OBJECT   |",
        "{}                               | MISSING_FIELD   | model",
        "{\"Model\":\"m\"}                | MISSING_FIELD   | model",
        "{\"x\":{\"model\":\"m\"}}        | MISSING_FIELD   | model",
        "{\"model\":null}                 | WRONG_KIND      | model",
        "{\"model\":7}                    | WRONG_KIND      | model",
        "{\"model\":[\"m\"]}              | WRONG_KIND      | model",
        "{\"model\":\"\"}                 | WRONG_KIND      | model",
        "{\"model\":\"m\",\"model\":\"m\"} | DUPLICATE_FIELD |",
        "{\"model\":\"m\",\"mod\\u0065l\":\"n\"} | DUPLICATE_FIELD |",
        "{\"model\":\"m\",\"stream\":\"true\"} | WRONG_KIND | stream",
        "{\"model\":\"m\",\"stream\":1}   | WRONG_KIND      | stream",
        "{\"model\":\"m\",\"stream_options\":true} | WRONG_KIND | stream_options",
        "{\"model\":\"m\",\"stream_options\":[]} | WRONG_KIND | stream_options",
        "{\"model\":\"m\",\"stream_options\":{\"include_usage\":1}}"
            + " | WRONG_KIND | stream_options.include_usage",
        "{\"model\":\"m\",\"stream_options\":{\"include_usage\":true,\"include_usage\":false}}"
            + " | DUPLICATE_FIELD | stream_options"
      })
  void refusesABodyAndNamesTheField(String text, RequestFault.Kind kind, String field) {
    RequestBody body = Bodies.open(Operation.CHAT_COMPLETIONS, Texts.utf8(text), 5);
    RequestFault fault = Objects.requireNonNull(body.finish());
    assertThat(fault.kind()).isEqualTo(kind);
    assertThat(fault.field()).isEqualTo(field);
    body.release();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}"
            + "| model: missing"
            + " (expected: a string that names a model; GET /v1/models lists them)",
        "{\"model\":[]}"
            + "| model: an array"
            + " (expected: a string that names a model; GET /v1/models lists them)",
        "{\"model\":\"\"}"
            + "| model: an empty string"
            + " (expected: a string that names a model; GET /v1/models lists them)",
        "{\"model\":\"m\",\"stream\":\"true\"}" + "| stream: a string (expected: true or false)",
        "{\"model\":\"m\",\"stream_options\":7}"
            + "| stream_options: a number (expected: an object or null)",
        "[1]" + "| body: an array (expected: a JSON object)",
        "{\"model\":\"m\",}" + "| body: not JSON: expected a field's name, found '}' (at byte 13)",
        "{\"model\":\"m\"" + "| body: not JSON: the text ends before its value does (at byte 12)",
        "{\"n\":1,\"n\":2}" + "| body: the field \"n\" stands there twice (at byte 7)",
        "{\"model\":\"m\",\"stream_options\":{\"a\":1,\"a\":2}}"
            + "| stream_options: the field \"a\" stands there twice (at byte 37)"
      })
  void saysWhatWasFoundAndWhatIsExpected(String text, String message) {
    RequestBody body = Bodies.open(Operation.CHAT_COMPLETIONS, Texts.utf8(text), 100);
    assertThat(Objects.requireNonNull(body.finish()).message()).isEqualTo(message);
    body.release();
  }

  @Test
  void refusesNestingThatIsTooDeepBeforeTheBodyIsWhole() {
    RequestBody body = Bodies.open(Operation.MESSAGES, Texts.utf8("{\"x\":" + "[".repeat(600)), 64);
    assertThat(body.isRefused()).isTrue();
    assertThat(Objects.requireNonNull(body.finish()).kind()).isEqualTo(RequestFault.Kind.TOO_DEEP);
    body.release();
  }

  @Test
  void refusesMoreFieldsThanItCompares() {
    StringBuilder text = new StringBuilder("{\"model\":\"m\"");
    for (int i = 0; i < 5000; i++) {
      text.append(",\"f").append(i).append("\":0");
    }
    RequestBody body = Bodies.open(Operation.MESSAGES, Texts.utf8(text + "}"), 1000);
    assertThat(Objects.requireNonNull(body.finish()).kind())
        .isEqualTo(RequestFault.Kind.TOO_MANY_FIELDS);
    body.release();
  }

  @Test
  void refusesAModelLongerThanAnyName() {
    String text = "{\"model\":\"" + "m".repeat(5000) + "\"}";
    RequestBody body = Bodies.open(Operation.MESSAGES, Texts.utf8(text), 1000);
    assertThat(Objects.requireNonNull(body.finish()).message())
        .startsWith("model: a string of 5000 bytes (expected: ");
    body.release();
  }

  @Test
  void answersNothingAboutABodyItRefused() {
    RequestBody body = Bodies.open(Operation.MESSAGES, Texts.utf8("{}"), 5);
    body.finish();
    assertThatThrownBy(body::isStreamed).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(body::model).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> body.splice("m", false)).isInstanceOf(IllegalStateException.class);
    body.release();
  }

  @Test
  void refusesToBeReleasedTwice() {
    RequestBody body = Bodies.chat("{\"model\":\"m\"}");
    body.release();
    assertThatThrownBy(body::release).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void releasesWhatComesAfterTheEnd() {
    RequestBody body = Bodies.chat("{\"model\":\"m\"}");
    ByteBuf late = Texts.direct(Texts.utf8(" "));
    assertThatThrownBy(() -> body.add(late)).isInstanceOf(IllegalStateException.class);
    assertThat(late.refCnt()).isZero();
    body.release();
  }

  @Test
  void holdsEveryPartUntilReleaseAndNoLonger() {
    ByteBuf first = Texts.direct(Texts.utf8("{\"model\":"));
    ByteBuf second = Texts.direct(Texts.utf8("\"m\"}"));
    RequestBody body = RequestBody.of(Operation.MESSAGES);
    body.add(first);
    body.add(second);
    assertThat(body.finish()).isNull();
    assertThat(body.length()).isEqualTo(13);
    assertThat(first.refCnt() + second.refCnt()).isEqualTo(2);
    body.release();
    assertThat(first.refCnt() + second.refCnt()).isZero();
  }

  @Test
  void holdsNoPartOfABodyThatIsRefusedAlready() {
    RequestBody body = RequestBody.of(Operation.MESSAGES);
    ByteBuf first = Texts.direct(Texts.utf8("{]"));
    ByteBuf second = Texts.direct(Texts.utf8("more"));
    body.add(first);
    body.add(second);
    assertThat(first.refCnt() + second.refCnt()).isZero();
    assertThat(body.length()).isEqualTo(6);
    body.release();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"gpt-6-luna\"           | gpt-6-luna",
        "\"openai\\/gpt-oss\"     | openai/gpt-oss",
        "\"\\u0067pt\"            | gpt",
        "\"a\\\"b\\\\c\"          | a\"b\\c",
        "\"\u6A21\u578B\"         | \u6A21\u578B",
        "\"\\u6a21\\ud83d\\ude00\" | \u6A21\uD83D\uDE00",
        "\"\uD83D\uDE00\"         | \uD83D\uDE00"
      })
  void givesTheModelUnescaped(String value, String model) {
    RequestBody body = Bodies.chat("{\"stream\":true,\"model\":" + value + "}");
    assertThat(body.model()).isEqualTo(model);
    body.release();
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void isStreamedOnlyWhereTheOperationCanBe(Operation operation) {
    RequestBody body = Bodies.accepted(operation, "{\"model\":\"m\",\"stream\":true}");
    boolean isStreamable = operation != Operation.EMBEDDINGS && operation != Operation.COUNT_TOKENS;
    assertThat(body.isStreamed()).isEqualTo(isStreamable);
    body.release();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|false",
        ",\"stream\":false|false",
        ",\"stream\":null|false",
        ",\"stream\":true|true"
      })
  void isStreamedWhereItSaysTrue(String more, boolean isStreamed) {
    RequestBody body = Bodies.chat("{\"model\":\"m\"" + (more == null ? "" : more) + "}");
    assertThat(body.isStreamed()).isEqualTo(isStreamed);
    body.release();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null                                      | false",
        "{}                                        | false",
        "{\"include_usage\":false}                 | false",
        "{\"include_usage\":null}                  | false",
        "{\"x\":{\"include_usage\":true}}          | false",
        "{\"include_usage\":true}                  | true",
        "{\"x\":0, \"\\u0069nclude_usage\" : true } | true"
      })
  void knowsWhetherTheCallerAsksForUsage(String options, boolean asks) {
    RequestBody body = Bodies.chat("{\"model\":\"m\",\"stream_options\": " + options + " }");
    assertThat(body.asksForUsage()).isEqualTo(asks);
    body.release();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CHAT_COMPLETIONS | \"max_completion_tokens\":70 | 70",
        "CHAT_COMPLETIONS | \"max_tokens\":7 | 7",
        "CHAT_COMPLETIONS | \"max_tokens\":7,\"max_completion_tokens\":9 | 9",
        "CHAT_COMPLETIONS | \"max_tokens\":null | -1",
        "CHAT_COMPLETIONS | \"max_tokens\":\"7\" | -1",
        "CHAT_COMPLETIONS | \"max_output_tokens\":7 | -1",
        "MESSAGES         | \"max_tokens\":0 | 0",
        "MESSAGES         | \"max_tokens\":-5 | -1",
        "MESSAGES         | \"max_tokens\":1.5 | -1",
        "MESSAGES         | \"max_tokens\":1e999999999 | -1",
        "MESSAGES         | \"max_tokens\":123456789012345678 | 123456789012345678",
        "MESSAGES         | \"max_tokens\":99999999999999999999 | -1",
        "RESPONSES        | \"max_output_tokens\":4096 | 4096",
        "RESPONSES        | \"max_tokens\":4096 | -1",
        "EMBEDDINGS       | \"max_tokens\":4096 | -1",
        "COUNT_TOKENS     | \"max_tokens\":4096 | -1"
      })
  void knowsHowManyTokensMayComeOut(Operation operation, String field, long tokens) {
    RequestBody body = Bodies.accepted(operation, "{\"model\":\"m\"," + field + "}");
    assertThat(body.wish().maxOutputTokens()).isEqualTo(tokens);
    body.release();
  }

  @Test
  void readsTheSameWhereverTheBodyIsCut() {
    byte[] text =
        Texts.utf8(
            " {\"max_tokens\":12,\"m\\u006fdel\":\"a\\u00e9\u00E9\",\"stream\":true,"
                + "\"stream_options\":{\"include_usage\":true},\"messages\":[]} ");
    for (int size = 1; size <= text.length; size++) {
      RequestBody body = Bodies.open(Operation.CHAT_COMPLETIONS, text, size);
      assertThat(body.finish()).isNull();
      assertThat(body.model()).isEqualTo("a\u00E9\u00E9");
      assertThat(body.wish().maxOutputTokens()).isEqualTo(12);
      assertThat(body.isStreamed() && body.asksForUsage()).isTrue();
      assertThat(body.copy()).isEqualTo(text);
      body.release();
    }
  }
}
