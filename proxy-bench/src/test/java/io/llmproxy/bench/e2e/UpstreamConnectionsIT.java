package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a provider's HTTP/1.1 connections may do to an exchange: a dead one is replaced unseen, a
/// lying one ends in an error.
@Timeout(60)
final class UpstreamConnectionsIT {

  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
  private static final String STREAM =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

  /// 51 bytes.
  private static final String CONTENT =
      "data: {\"choices\":[{\"delta\":{\"content\":\"hello\"}}]}\n\n";

  private static RawProvider provider;
  private static ProxyBed bed;

  /// One connection, so that each request finds that of the one before, on the same event loop.
  private Caller caller = unopened();

  @BeforeAll
  static void start() throws IOException {
    provider = new RawProvider();
    String raw =
        "    raw:\n      type: openai\n      api_key: k\n      base_url: \""
            + provider.baseUrl()
            + "\"\n";
    bed = new ProxyBed(ProxyBed.Plan.of(Wire.H1).withOthers(raw));
  }

  @AfterAll
  static void stop() throws IOException {
    bed.close();
    provider.close();
  }

  @BeforeEach
  void open() throws IOException {
    caller = Wire.H2.open(bed.address());
  }

  @AfterEach
  void atRest() throws InterruptedException {
    caller.close();
    bed.assertAtRest();
  }

  private static Caller unopened() {
    return new Caller() {
      @Override
      public Answer send(Ask ask) {
        throw new IllegalStateException("not open");
      }

      @Override
      public void close() {}
    };
  }

  private Answer ask(boolean stream) throws Exception {
    return caller.send(Ask.of("raw/model", stream));
  }

  private void assertAnswered() throws Exception {
    Answer answer = ask(false);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(RawProvider.JSON);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConnectionThatDiedWhileIdleIsReplacedUnseen(boolean reset) throws Exception {
    provider.script((line, number) -> {
      while (line.readRequest()) {
        if (number == 0 && provider.requests() == 2) {
          if (reset) {
            line.reset();
          }
          return;
        }
        line.writeAnswer();
      }
    });
    assertAnswered();
    assertAnswered();
    assertThat(provider.requests()).isEqualTo(3);
    assertThat(provider.connections()).isEqualTo(2);
  }

  @Test
  void aConnectionThatWasClosedBehindItsReplyIsNotUsedAgain() throws Exception {
    provider.script((line, _) -> {
      line.readRequest();
      line.writeAnswer();
    });
    for (int i = 1; i <= 5; i++) {
      assertAnswered();
      assertThat(provider.requests()).isEqualTo(i);
    }
  }

  @Test
  void aRequestIsRepeatedAFewTimesWhereConnectionsEndWithoutAReply() throws Exception {
    provider.script((line, _) -> line.readRequest());
    Answer answer = ask(true);
    Refusals.assertOpenAi(answer, 502, "upstream_error");
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    assertThat(provider.requests()).isEqualTo(3);
  }

  @Test
  void aRequestIsRepeatedWhereNothingOfItsReplyWasTold() throws Exception {
    provider.script((line, number) -> {
      line.readRequest();
      line.writeAnswer();
      line.readRequest();
      line.write("HTTP/1.1 200 OK\r\ncontent-ty");
    });
    assertAnswered();
    assertAnswered();
    assertThat(provider.requests()).isEqualTo(3);
  }

  @Test
  void aRequestIsNotRepeatedOnceItsReplyHasContent() throws Exception {
    provider.script((line, _) -> {
      line.readRequest();
      line.write(STREAM + "33\r\n" + CONTENT + "\r\n");
    });
    Answer answer = ask(true);
    assertThat(answer.text()).startsWith(CONTENT);
    Refusals.assertBrokenOff(answer, Ask.CHAT);
    assertThat(provider.requests()).isEqualTo(1);
  }

  @Test
  void keepsOneConnectionForManyRequests() throws Exception {
    provider.script((line, _) -> {
      while (line.readRequest()) {
        line.writeAnswer();
      }
    });
    for (int i = 0; i < 20; i++) {
      assertAnswered();
    }
    assertThat(provider.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nbad name: x\r\ncontent-length: 2\r\n\r\n{}",
        OK + "content-length: 2\r\ncontent-length: 3\r\n\r\n{} ",
        OK + "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        OK + "transfer-encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        OK + "content-length: -2\r\n\r\n{}",
        OK + "content-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}",
        "HTTP/1.1 302 Found\r\nlocation: http://203.0.113.1/\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n"
      })
  void aReplyThatCannotBeUnderstoodIsAnError(String reply) throws Exception {
    provider.script((line, _) -> {
      while (line.readRequest()) {
        line.write(reply);
        if (reply.contains(" 101 ")) {
          return;
        }
      }
    });
    Refusals.assertOpenAi(ask(false), 502, "upstream_error");
  }

  @Test
  void aHeadWithoutEndIsAnError() throws Exception {
    provider.script((line, _) -> {
      line.readRequest();
      line.write("HTTP/1.1 200 OK\r\n");
      while (true) {
        line.write("x-more: " + "a".repeat(1000) + "\r\n");
      }
    });
    Refusals.assertOpenAi(ask(false), 502, "upstream_error");
  }

  @Test
  void aChunkThatIsMalformedBreaksTheStreamOff() throws Exception {
    provider.script((line, _) -> {
      line.readRequest();
      line.write(STREAM + "33\r\n" + CONTENT + "\r\n");
      Thread.sleep(50);
      line.write("not-hex\r\n");
      line.readRequest();
    });
    Answer answer = ask(true);
    assertThat(answer.text()).startsWith(CONTENT);
    Refusals.assertBrokenOff(answer, Ask.CHAT);
  }

  @Test
  void aMarkOfByteOrderInTheMiddleIsText() throws Exception {
    String mark = "\u00ef\u00bb\u00bf";
    provider.script((line, _) -> {
      line.readRequest();
      String head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
      line.write(head + CONTENT + "data: {\"choices\":[{\"delta\":{\"content\":\"");
      Thread.sleep(50);
      line.write(mark + "x\"}}]}\n\ndata: [DONE]\n\n");
    });
    assertThat(ask(true).text()).contains("\"content\":\"\ufeffx\"");
  }

  @Test
  void interimRepliesArePassedOver() throws Exception {
    provider.script((line, _) -> {
      while (line.readRequest()) {
        line.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n");
        Thread.sleep(20);
        line.write("HTTP/1.1 102 Processing\r\n\r\n");
        line.writeAnswer();
      }
    });
    assertAnswered();
    assertAnswered();
    assertThat(provider.connections()).isEqualTo(1);
  }

  @Test
  void aConnectionThatSaysMoreThanItWasAskedIsNotUsedAgain() throws Exception {
    provider.script((line, _) -> {
      while (line.readRequest()) {
        line.writeAnswer();
        line.write(OK + "content-length: 12\r\n\r\n{\"forged\":1}");
      }
    });
    for (int i = 1; i <= 4; i++) {
      assertAnswered();
      Thread.sleep(20);
    }
    assertThat(provider.connections()).isEqualTo(4);
  }

  @Test
  void aBodyThatEndsWithItsConnectionIsWhole() throws Exception {
    provider.script((line, _) -> {
      line.readRequest();
      line.write(OK + "\r\n");
      line.write(RawProvider.JSON.substring(0, 5));
      Thread.sleep(20);
      line.write(RawProvider.JSON.substring(5));
    });
    assertAnswered();
    assertAnswered();
  }

  @Test
  void aStreamThatEndsWithItsConnectionIsWholeOnlyWhereItSaysSo() throws Exception {
    String head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + CONTENT;
    provider.script((line, number) -> {
      line.readRequest();
      line.write(number == 0 ? head + "data: [DONE]\n\n" : head);
    });
    Answer whole = ask(true);
    assertThat(whole.ending()).isEqualTo(Ending.WHOLE);
    assertThat(whole.text()).isEqualTo(CONTENT + "data: [DONE]\n\n");
    Refusals.assertBrokenOff(ask(true), Ask.CHAT);
  }

  @Test
  void aReplyThatArrivesByteByByteIsWhole() throws Exception {
    String reply =
        STREAM
            + "16;ext=1\r\ndata: {\"a\":\"bcdefg\"}\n\n\r\ne\r\ndata: [DONE]\n\n\r\n"
            + "0\r\nx-trailer: y\r\n\r\n";
    provider.script((line, _) -> {
      while (line.readRequest()) {
        for (int at = 0; at < reply.length(); at++) {
          line.write(reply.substring(at, at + 1));
        }
      }
    });
    for (int i = 0; i < 3; i++) {
      Answer answer = ask(true);
      assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
      assertThat(answer.text()).isEqualTo("data: {\"a\":\"bcdefg\"}\n\ndata: [DONE]\n\n");
    }
    assertThat(provider.connections()).isEqualTo(1);
  }
}
