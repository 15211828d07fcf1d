package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever is wrong with a request is told in the caller's dialect, over both versions of HTTP,
/// and never reaches a provider.
@Timeout(60)
final class RefusalsIT {

  private static ProxyBed bed;

  /// A body that is refused, with the code OpenAI's callers see.
  record Wrong(String body, String code) {}

  private static final List<Wrong> BODIES =
      List.of(
          new Wrong("", "invalid_json"),
          new Wrong("   ", "invalid_json"),
          new Wrong("{\"model\":\"openai/x\",\"messages\":[", "invalid_json"),
          new Wrong("{\"model\":\"openai/x\"}}", "invalid_json"),
          new Wrong("{'model':'openai/x'}", "invalid_json"),
          new Wrong("{\"model\":\"openai/x\",}", "invalid_json"),
          new Wrong("{\"model\":\"openai/\u0001\"}", "invalid_json"),
          new Wrong("{\"model\":\"openai/x\",\"n\":01}", "invalid_json"),
          new Wrong("{\"model\":\"openai/x\",\"a\":" + "[".repeat(5000), "invalid_json"),
          new Wrong("[{\"model\":\"openai/x\"}]", "invalid_json"),
          new Wrong("\"model\"", "invalid_json"),
          new Wrong("null", "invalid_json"),
          new Wrong("{}", "missing_required_parameter"),
          new Wrong("{\"messages\":[{\"model\":\"openai/x\"}]}", "missing_required_parameter"),
          new Wrong("{\"model\":7}", "invalid_type"),
          new Wrong("{\"model\":null}", "invalid_type"),
          new Wrong("{\"model\":[\"openai/x\"]}", "invalid_type"),
          new Wrong("{\"model\":\"\"}", "invalid_type"),
          new Wrong("{\"model\":\"openai/x\",\"stream\":\"true\"}", "invalid_type"),
          new Wrong("{\"model\":\"openai/x\",\"stream\":1}", "invalid_type"),
          new Wrong("{\"model\":\"openai/x\",\"model\":\"openai/y\"}", "duplicate_parameter"),
          new Wrong("{\"model\":\"openai/x\",\"mod\\u0065l\":\"openai/y\"}", "duplicate_parameter"),
          new Wrong(
              "{\"user\":\"a\",\"model\":\"openai/x\",\"user\":\"b\"}", "duplicate_parameter"));

  @BeforeAll
  static void start() throws IOException {
    bed = ProxyBed.of(Wire.H1);
  }

  @AfterAll
  static void stop() {
    bed.close();
  }

  @AfterEach
  void atRest() throws InterruptedException {
    bed.assertAtRest();
    assertThat(bed.books().requests() + bed.books().refused())
        .as("requests that reached a provider")
        .isZero();
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void refusesBodiesThatCannotBeUnderstoodInOneWay(Wire wire) throws Exception {
    try (Caller caller = wire.open(bed.address())) {
      for (Wrong wrong : BODIES) {
        byte[] body = wrong.body().getBytes(ISO_8859_1);
        Answer chat = caller.send(Ask.post(Ask.CHAT, body));
        Refusals.assertOpenAi(chat, 400, wrong.code());
        assertThat(Json.at(Json.object(chat.text()), "error", "type"))
            .isEqualTo("invalid_request_error");
        Answer message = caller.send(Ask.post(Ask.MESSAGES, body));
        Refusals.assertAnthropic(message, 400, "invalid_request_error");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void namesTheFieldAtFault(Wire wire) throws Exception {
    Answer answer =
        bed.ask(wire, Ask.post(Ask.CHAT, "{\"model\":\"openai/x\",\"stream\":\"yes\"}"));
    assertThat(Json.at(Json.object(answer.text()), "error", "param")).isEqualTo("stream");
    assertThat((String) Json.at(Json.object(answer.text()), "error", "message"))
        .contains("stream", "a string", "true or false");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void refusesModelsThatAreNotThere(Wire wire) throws Exception {
    try (Caller caller = wire.open(bed.address())) {
      for (String model : List.of("nothing-here", "nobody/gpt", "\\\"<\\u0000\\n\\ud83d\\ude00")) {
        Answer chat = caller.send(Ask.post(Ask.CHAT, Ask.body(model, true, "")));
        Refusals.assertOpenAi(chat, 404, "model_not_found");
        Answer message = caller.send(Ask.post(Ask.MESSAGES, Ask.body(model, false, "")));
        Refusals.assertAnthropic(message, 404, "not_found_error");
      }
      Refusals.assertOpenAi(
          caller.send(Ask.get("/v1/models/nothing-here")), 404, "model_not_found");
      Refusals.assertAnthropic(
          caller.send(Ask.get("/v1/models/nothing-here").with("anthropic-version", "2023-06-01")),
          404,
          "not_found_error");
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void saysWhichMethodIsAllowed(Wire wire) throws Exception {
    try (Caller caller = wire.open(bed.address())) {
      for (String method : List.of("GET", "PUT", "DELETE", "OPTIONS", "BREW")) {
        Answer chat = caller.send(Ask.get(Ask.CHAT).method(method));
        Refusals.assertOpenAi(chat, 405, "method_not_allowed");
        assertThat(chat.header("allow")).isEqualTo("POST");
        Answer message = caller.send(Ask.get(Ask.MESSAGES).method(method));
        Refusals.assertAnthropic(message, 405, "invalid_request_error");
        assertThat(message.header("allow")).isEqualTo("POST");
      }
      Answer models = caller.send(Ask.post("/v1/models", "{}"));
      Refusals.assertOpenAi(models, 405, "method_not_allowed");
      assertThat(models.header("allow")).isEqualTo("GET, HEAD");
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void refusesPathsThatAreNotThere(Wire wire) throws Exception {
    for (String path :
        List.of("/v1/nothing", "/", "/v1/chat/completions/", "/V1/chat/completions", "/openai")) {
      Ask post = Ask.post(path, "{\"model\":\"openai/x\"}");
      Refusals.assertOpenAi(bed.ask(wire, post), 404, "unknown_url");
      Ask get = Ask.get(path).with("anthropic-version", "2023-06-01");
      Refusals.assertAnthropic(bed.ask(wire, get), 404, "not_found_error");
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void refusesCompressedBodies(Wire wire) throws Exception {
    for (String encoding : List.of("gzip", "br", "identity, gzip", "zstd")) {
      Ask chat = Ask.of("openai/x", false).with("content-encoding", encoding);
      Refusals.assertOpenAi(bed.ask(wire, chat), 415, "unsupported_content_encoding");
      Ask message = Ask.of("anthropic/x", false).with("content-encoding", encoding);
      Refusals.assertAnthropic(bed.ask(wire, message), 415, "invalid_request_error");
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void refusesAHeadThatIsTooLarge(Wire wire) throws Exception {
    Ask ask = Ask.of("openai/x", false).with("x-filler", "a".repeat(66_000));
    Refusals.assertOpenAi(bed.ask(wire, ask), 431, "headers_too_large");
  }

  @Test
  void readsNoMoreOfAHeadThanItMay() throws Exception {
    Ask ask = Ask.of("openai/x", false).with("x-filler", "a".repeat(1 << 20));
    Refusals.assertOpenAi(bed.ask(Wire.H1, ask), 431, "headers_too_large");
    try (Http2Caller caller = new Http2Caller(bed.address())) {
      caller.open(ask, true);
      Patience.until("the connection ends", caller::isClosed);
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void refusesAUrlThatIsTooLong(Wire wire) throws Exception {
    Ask ask = Ask.post(Ask.CHAT + "?" + "a".repeat(8192), Ask.body("openai/x", false, ""));
    Refusals.assertOpenAi(bed.ask(wire, ask), 414, "url_too_long");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void tellsTheRequestIdInEveryError(Wire wire) throws Exception {
    try (Caller caller = wire.open(bed.address())) {
      Answer named = caller.send(Ask.get("/nothing").with("x-request-id", "mine-1.2:3_4"));
      assertThat(named.header("x-request-id")).isEqualTo("mine-1.2:3_4");
      for (String wrong : List.of("a b", "<script>", "a,b", "x".repeat(129), "", "%0d%0a")) {
        Answer replaced = caller.send(Ask.get("/nothing").with("x-request-id", wrong));
        assertThat(replaced.header("x-request-id")).startsWith("req_").hasSizeLessThan(40);
      }
    }
  }
}
