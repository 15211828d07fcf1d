package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.io.IOException;
import java.net.SocketException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A body beyond the limit is refused so that its sender reads why, and is not kept company for
/// ever.
@Timeout(120)
final class TooLargeBodiesIT {

  private static final int LIMIT = 32 << 20;
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
  @CsvSource({"H1, true", "H1, false", "H2, true", "H2, false"})
  void refusesABodyOneByteBeyondTheLimit(Wire wire, boolean announced) throws Exception {
    long before = bed.books().requests();
    byte[] body = body(LIMIT + 1);
    Ask chat = Ask.post(Ask.CHAT, body);
    Refusals.assertOpenAi(
        bed.ask(wire, announced ? chat : chat.unannounced()), 413, "request_too_large");
    Ask message = Ask.post(Ask.MESSAGES, body);
    Refusals.assertAnthropic(
        bed.ask(wire, announced ? message : message.unannounced()), 413, "request_too_large");
    assertThat(bed.books().requests()).as("requests that reached a provider").isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void takesABodyOfExactlyTheLimit(Wire wire) throws Exception {
    Answer answer = bed.ask(wire, Ask.post(Ask.CHAT, body(LIMIT)).unannounced());
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.text()).contains("bytes " + (LIMIT - "openai/".length()));
  }

  @Test
  void refusesAnAnnouncedBodyBeforeItIsSent() throws Exception {
    Ask ask = Ask.post(Ask.CHAT, body(LIMIT + 1));
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      caller.write(Http1Caller.head(ask));
      Refusals.assertOpenAi(caller.read(false), 413, "request_too_large");
    }
    try (Http2Caller caller = new Http2Caller(bed.address())) {
      Http2Caller.Stream stream = caller.open(ask, false);
      Refusals.assertOpenAi(stream.open().answer(), 413, "request_too_large");
    }
  }

  @Test
  void doesNotAskForABodyItWillRefuse() throws Exception {
    Ask ask = Ask.post(Ask.CHAT, body(LIMIT + 1)).with("expect", "100-continue");
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      caller.write(Http1Caller.head(ask));
      assertThat(caller.readHead().status()).isEqualTo(413);
    }
  }

  @Test
  void closesTheConnectionOfACallerThatSitsOnHalfABody() throws Exception {
    Ask ask = Ask.post(Ask.CHAT, body(LIMIT + 1));
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      caller.write(Http1Caller.head(ask));
      caller.write(new byte[100_000]);
      Answer answer = caller.read(false);
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(caller.isEnded()).as("sees the end").isTrue();
      Patience.until("the proxy let go", () -> bed.proxy().downstreamConnections() == 0);
    }
  }

  @Test
  void tellsACallerThatReadsOnlyOnceAllIsSentHoweverSlowly() throws Exception {
    Ask ask = Ask.post(Ask.CHAT, body(LIMIT + 1));
    byte[] body = ask.body();
    int step = body.length / 40 + 1;
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      caller.write(Http1Caller.head(ask));
      for (int from = 0; from < body.length; from += step) {
        caller.write(Arrays.copyOfRange(body, from, Math.min(body.length, from + step)));
        Thread.sleep(80);
      }
      Refusals.assertOpenAi(caller.read(false), 413, "request_too_large");
    }
  }

  /// Half a minute long.
  @Test
  @Tag("long")
  void doesNotListenForEverToACallerThatNeverStops() throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    boolean letGo = false;
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      caller.write("POST /nothing HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999\r\n\r\n");
      assertThat(caller.read(false).status()).isEqualTo(404);
      while (System.nanoTime() < end) {
        caller.write(new byte[1000]);
        Thread.sleep(20);
      }
    } catch (SocketException _) {
      letGo = true;
    }
    assertThat(letGo).as("let go by the proxy").isTrue();
  }

  @Test
  void goesOnWithOtherStreamsOfTheConnection() throws Exception {
    try (Http2Caller caller = new Http2Caller(bed.address())) {
      Http2Caller.Stream running = caller.open(Ask.of("openai/sim-events=40,rate=40", true), true);
      running.open().head();
      Answer refused = caller.send(Ask.post(Ask.CHAT, body(LIMIT + 1)));
      Refusals.assertOpenAi(refused, 413, "request_too_large");
      Answer after = caller.send(Ask.of("openai/gpt-6", false));
      assertThat(after.status()).isEqualTo(200);
      Answer whole = running.open().answer();
      assertThat(whole.ending()).isEqualTo(Ending.WHOLE);
      assertThat(whole.text()).endsWith("data: [DONE]\n\n");
    }
  }

  private static byte[] body(int bytes) {
    String start = "{\"model\":\"openai/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"";
    String end = "\"}]}";
    byte[] body = new byte[bytes];
    Arrays.fill(body, (byte) 'a');
    System.arraycopy(start.getBytes(UTF_8), 0, body, 0, start.length());
    System.arraycopy(end.getBytes(UTF_8), 0, body, bytes - end.length(), end.length());
    return body;
  }
}
