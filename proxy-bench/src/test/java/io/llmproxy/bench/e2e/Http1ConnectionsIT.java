package io.llmproxy.bench.e2e;

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
import org.junit.jupiter.params.provider.ValueSource;

/// What HTTP/1.1 itself demands of a server, hostile input first.
@Timeout(60)
final class Http1ConnectionsIT {

  private static final String POST = "POST /v1/chat/completions HTTP/1.1\r\n";
  private static ProxyBed bed;

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
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GARBAGE\r\n\r\n",
        "GET /health\r\n\r\n",
        "GET /health HTTP/2.0\r\nhost: a\r\n\r\n",
        "GET  /health HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /health HTTP/1.1\r\n\r\n",
        "GET /health HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
        "GET /health HTTP/1.1\nhost: a\r\n\r\n",
        "GET /health HTTP/1.1\r\nhost : a\r\n\r\n",
        "GET /health HTTP/1.1\r\nhost: a\r\n folded: b\r\n\r\n",
        "GET /health HTTP/1.1\r\nhost: a\r\nx: a\u0000b\r\n\r\n",
        "GET /he\u0001alth HTTP/1.1\r\nhost: a\r\n\r\n",
        "G@T /health HTTP/1.1\r\nhost: a\r\n\r\n",
        POST + "host: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + "host: a\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\n{}  ",
        POST + "host: a\r\ncontent-length: +3\r\n\r\n{} ",
        POST + "host: a\r\ncontent-length: -1\r\n\r\n",
        POST + "host: a\r\ncontent-length: 0x3\r\n\r\n{} ",
        POST + "host: a\r\ncontent-length: 3, 3\r\n\r\n{} ",
        POST + "host: a\r\ncontent-length: 99999999999999999999\r\n\r\n",
        POST + "host: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        POST + "host: a\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n",
        POST + "host: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        POST + "host: a\r\ntransfer-encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
        POST + "host: a\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n",
        POST + "host: a\r\ntransfer-encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n",
        POST + "host: a\r\ntransfer-encoding: chunked\r\n\r\nfffffffff\r\n{}\r\n0\r\n\r\n",
        "POST /v1/chat/completions HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"
      })
  void refusesAMalformedRequestAndCloses(String request) throws Exception {
    long before = bed.books().requests();
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      caller.write(request);
      Answer answer = caller.read(false);
      Refusals.assertOpenAi(answer, 400, "malformed_request");
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(caller.isEnded()).isTrue();
    }
    assertThat(bed.books().requests()).isEqualTo(before);
  }

  @Test
  void doesNotTakeWhatFollowsARefusedRequestForAnother() throws Exception {
    String smuggled = "GET /health HTTP/1.1\r\nhost: a\r\n\r\n";
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      caller.write(POST + "host: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n" + smuggled);
      assertThat(caller.read(false).status()).isEqualTo(400);
      assertThat(caller.isEnded()).isTrue();
    }
  }

  @Test
  void answersARequestThatArrivesByteByByte() throws Exception {
    Ask ask = Ask.post(Ask.CHAT, Ask.body("openai/gpt-6", false, ""));
    String body = Ask.body("openai/gpt-6", false, "");
    StringBuilder chunks = new StringBuilder();
    for (int i = 0; i < body.length(); i++) {
      chunks.append("1;x=\"y\"\r\n").append(body.charAt(i)).append("\r\n");
    }
    String request =
        "\r\n" + Http1Caller.head(ask.unannounced()) + chunks + "0\r\ntrailer: x\r\n\r\n";
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      for (int i = 0; i < request.length(); i++) {
        caller.write(request.substring(i, i + 1));
      }
      assertThat(caller.read(false).text()).contains("Paris");
      assertThat(caller.send(Ask.get("/health")).status()).isEqualTo(200);
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    List<Ask> asks =
        List.of(
            Ask.of("openai/sim-events=3,id=first,head=60ms", true),
            Ask.of("glm/sim-events=2,id=second", false),
            Ask.get("/health"),
            Ask.of("openai/sim-events=200,bytes=900,id=third,head=20ms", true),
            Ask.of("nobody/none", false),
            Ask.post(Ask.CHAT, Ask.body("groq/sim-id=fourth", false, "")).unannounced(),
            Ask.get("/v1/models").method("HEAD"),
            Ask.of("anthropic/sim-id=fifth", true),
            Ask.get("/v1/models/grok-alias"));
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      for (Ask ask : asks) {
        caller.write(ask);
      }
      assertThat(caller.read(false).text()).contains("\"first\"").endsWith("[DONE]\n\n");
      assertThat(caller.read(false).text()).contains("\"second\"");
      assertThat(caller.read(false).text()).contains("\"ok\"");
      assertThat(caller.read(false).text()).contains("\"third\"").endsWith("[DONE]\n\n");
      Refusals.assertOpenAi(caller.read(false), 404, "model_not_found");
      assertThat(caller.read(false).text()).contains("\"fourth\"");
      assertThat(caller.read(true).status()).isEqualTo(200);
      assertThat(caller.read(false).text()).contains("\"fifth\"", "message_stop");
      assertThat(caller.read(false).text()).contains("grok-alias");
    }
  }

  @Test
  void answersHundredsOfRequestsSentAhead() throws Exception {
    StringBuilder requests = new StringBuilder();
    String health = "GET /health HTTP/1.1\r\nhost: a\r\nx-request-id: n-";
    for (int i = 0; i < 3000; i++) {
      requests.append(health).append(i).append("\r\n\r\n");
    }
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      caller.write(Ask.of("openai/sim-events=4,rate=10", true));
      caller.write(requests.toString());
      assertThat(caller.read(false).text()).endsWith("[DONE]\n\n");
      for (int i = 0; i < 3000; i++) {
        assertThat(caller.read(false).header("x-request-id")).isEqualTo("n-" + i);
      }
    }
  }

  @Test
  void answersHttp10AndCloses() throws Exception {
    String body = Ask.body("openai/gpt-6", true, "");
    String head = "POST /v1/chat/completions HTTP/1.0\r\ncontent-length: " + body.length();
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      caller.write(head + "\r\n\r\n" + body);
      Answer answer = caller.read(false);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers()).doesNotContainKey("transfer-encoding");
      assertThat(answer.text()).startsWith("data: ").endsWith("data: [DONE]\n\n");
      assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
    }
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      caller.write("GET /health HTTP/1.0\r\nconnection: keep-alive\r\n\r\n");
      assertThat(caller.read(false).header("connection")).isEqualTo("keep-alive");
      caller.write("GET /health HTTP/1.0\r\n\r\n");
      assertThat(caller.read(false).header("connection")).isEqualTo("close");
      assertThat(caller.isEnded()).isTrue();
    }
  }

  @Test
  void closesWhenTheCallerAsksTo() throws Exception {
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      Answer answer = caller.send(Ask.of("openai/gpt-6", true).with("Connection", "Close"));
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
      assertThat(caller.isEnded()).isTrue();
    }
  }

  @Test
  void asksForTheBodyOfACallerThatWaitsToBeAsked() throws Exception {
    Ask ask = Ask.of("openai/gpt-6", false).with("expect", "100-continue");
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      caller.write(Http1Caller.head(ask));
      assertThat(caller.readHead().status()).isEqualTo(100);
      caller.write(ask.body());
      assertThat(caller.read(false).text()).contains("Paris");
    }
  }

  @Test
  void takesATargetInAbsoluteForm() throws Exception {
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      caller.write("GET http://proxy.example/health?x=y HTTP/1.1\r\nhost: proxy.example\r\n\r\n");
      assertThat(caller.read(false).status()).isEqualTo(200);
    }
  }
}
