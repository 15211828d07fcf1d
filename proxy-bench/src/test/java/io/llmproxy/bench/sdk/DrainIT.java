package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.sdk.RawHttp2.Frame;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// A proxy that is told to stop while it has work.
@Timeout(60)
@ExtendWith(LeakWatch.class)
final class DrainIT {

  private static final Duration AMPLE = Duration.ofSeconds(20);
  private static final String CHAT = "/v1/chat/completions";

  /// Ends by itself after a second.
  private static final String SHORT = Bodies.chat("openai/sim-events=20,rate=20", true);

  /// Would go on for a minute.
  private static final String LONG = Bodies.chat("openai/sim-events=1200,rate=20", true);

  private final Lab lab = Lab.cleartext();

  DrainIT() throws IOException {}

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void letsAStreamOverHttp1Finish() throws Exception {
    try (RawHttp1 caller = new RawHttp1(lab.port()).send(RawHttp1.post(CHAT, SHORT))) {
      caller.readTo("the answer");
      FutureTask<Duration> drain = drain(AMPLE);
      assertThat(caller.readToEnd()).endsWith("data: [DONE]\n\n\r\n0\r\n\r\n");
      assertThat(took(drain)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void letsAStreamOverHttp2FinishAndThenEndsItsConnection() throws Exception {
    try (RawHttp2 caller = RawHttp2.to(lab.port())) {
      caller.post(1, CHAT, SHORT);
      caller.readTo(frame -> frame.type() == RawHttp2.DATA);
      FutureTask<Duration> drain = drain(AMPLE);
      caller.readToEnd();
      assertThat(caller.body(1)).endsWith("data: [DONE]\n\n");
      assertThat(caller.seen(1).getLast().endsStream()).isTrue();
      assertThat(took(drain)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void refusesNewStreamsOfAnHttp2ConnectionByGoaway() throws Exception {
    try (RawHttp2 caller = RawHttp2.to(lab.port())) {
      caller.post(1, CHAT, SHORT);
      caller.readTo(frame -> frame.type() == RawHttp2.DATA);
      drain(AMPLE);
      caller.readTo(DrainIT::tellsTheLastStream);
      assertThat(goaways(caller)).containsExactly(Integer.MAX_VALUE, 1);
      caller.get(3, "/v1/models");
      caller.readToEnd();
      assertThat(caller.seen(3)).extracting(Frame::type).containsExactly(RawHttp2.RST_STREAM);
      assertThat(caller.seen(3).getFirst().number(0))
          .isEqualTo((int) Http2Error.REFUSED_STREAM.code());
      assertThat(caller.body(1)).endsWith("data: [DONE]\n\n");
    }
  }

  @Test
  void servesAStreamThatCrossedTheGoaway() throws Exception {
    try (RawHttp2 caller = RawHttp2.to(lab.port())) {
      caller.mute();
      caller.post(1, CHAT, SHORT);
      caller.readTo(frame -> frame.type() == RawHttp2.DATA);
      drain(AMPLE);
      caller.readTo(frame -> frame.type() == RawHttp2.GOAWAY);
      caller.post(3, CHAT, SHORT);
      caller.readToEnd();
      assertThat(goaways(caller)).containsExactly(Integer.MAX_VALUE, 3);
      assertThat(caller.body(1)).endsWith("data: [DONE]\n\n");
      assertThat(caller.body(3)).endsWith("data: [DONE]\n\n");
    }
  }

  private static boolean tellsTheLastStream(Frame frame) {
    return frame.type() == RawHttp2.GOAWAY && frame.number(0) != Integer.MAX_VALUE;
  }

  /// The last stream that each GOAWAY tells; none tells an error.
  private static List<Integer> goaways(RawHttp2 caller) {
    List<Frame> frames =
        caller.seen(0).stream().filter(frame -> frame.type() == RawHttp2.GOAWAY).toList();
    assertThat(frames).allMatch(frame -> frame.number(4) == 0);
    return frames.stream().map(frame -> frame.number(0)).toList();
  }

  @Test
  void endsIdleConnectionsAtOnce() throws Exception {
    try (RawHttp1 one = new RawHttp1(lab.port()).send(RawHttp1.get("/health"));
        RawHttp2 two = RawHttp2.to(lab.port());
        RawHttp1 busy = new RawHttp1(lab.port()).send(RawHttp1.post(CHAT, LONG))) {
      one.readTo("{\"status\":\"ok\"}");
      two.get(1, "/health");
      two.readTo(Frame::endsStream);
      busy.readTo("the answer");
      FutureTask<Duration> drain = drain(AMPLE);
      assertThat(one.readToEnd()).isEmpty();
      two.readToEnd();
      assertThat(two.seen(0).getLast().type()).isEqualTo(RawHttp2.GOAWAY);
      assertThat(drain.isDone()).as("drained before the stream").isFalse();
    }
  }

  @Test
  void saysSoToWhoAsksForItsHealth() throws Exception {
    try (RawHttp1 open = new RawHttp1(lab.port()).send("GET /health HT");
        RawHttp1 busy = new RawHttp1(lab.port()).send(RawHttp1.post(CHAT, LONG))) {
      busy.readTo("the answer");
      drain(Duration.ofSeconds(3));
      awaitDraining();
      String answer = open.send("TP/1.1\r\nhost: proxy\r\n\r\n").readToEnd();
      assertThat(answer)
          .startsWith("HTTP/1.1 503 ")
          .contains("connection: close\r\n")
          .endsWith("{\"status\":\"draining\"}");
    }
  }

  @Test
  void beginsAtTheAdminPortToo() throws Exception {
    try (RawHttp1 idle = new RawHttp1(lab.port()).send(RawHttp1.get("/health"));
        RawHttp1 busy = new RawHttp1(lab.port()).send(RawHttp1.post(CHAT, SHORT));
        RawHttp1 admin = new RawHttp1(lab.proxy().adminAddress().getPort())) {
      idle.readTo("{\"status\":\"ok\"}");
      busy.readTo("the answer");
      String drain = "POST /drain HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n";
      assertThat(admin.send(drain).readTo("\r\n\r\n")).startsWith("HTTP/1.1 202 ");
      assertThat(idle.readToEnd()).isEmpty();
      assertThat(busy.readToEnd()).endsWith("data: [DONE]\n\n\r\n0\r\n\r\n");
    }
  }

  @Test
  void saysSoOnANewConnectionToo() throws Exception {
    try (RawHttp1 busy = new RawHttp1(lab.port()).send(RawHttp1.post(CHAT, LONG))) {
      busy.readTo("the answer");
      drain(Duration.ofSeconds(3));
      awaitDraining();
      try (RawHttp1 one = new RawHttp1(lab.port()).send(RawHttp1.get("/health"));
          RawHttp2 two = RawHttp2.to(lab.port())) {
        assertThat(one.readToEnd())
            .startsWith("HTTP/1.1 503 ")
            .contains("connection: close\r\n")
            .endsWith("{\"status\":\"draining\"}");
        two.get(1, "/health");
        two.readToEnd();
        assertThat(two.body(1)).isEqualTo("{\"status\":\"draining\"}");
        assertThat(two.seen(0)).extracting(Frame::type).contains(RawHttp2.GOAWAY);
      }
    }
  }

  @Test
  void answersTheFirstRequestOfAConnectionThatWasOpenedJustBefore() throws Exception {
    try (RawHttp1 busy = new RawHttp1(lab.port()).send(RawHttp1.post(CHAT, LONG))) {
      busy.readTo("the answer");
      try (RawHttp1 young = new RawHttp1(lab.port())) {
        drain(Duration.ofSeconds(3));
        awaitDraining();
        assertThat(young.send(RawHttp1.get("/health")).readToEnd())
            .startsWith("HTTP/1.1 503 ")
            .contains("connection: close\r\n");
      }
    }
  }

  @Test
  void endsAStreamOverHttp1ThatTakesTooLongWithAnErrorAndNotCleanly() throws Exception {
    try (RawHttp1 caller = new RawHttp1(lab.port()).send(RawHttp1.post(CHAT, LONG))) {
      caller.readTo("the answer");
      Duration took = took(drain(Duration.ofMillis(500)));
      String rest = caller.readToEnd();
      assertThat(took).isBetween(Duration.ofMillis(400), Duration.ofSeconds(5));
      assertThat(rest).contains("data: {\"error\":", "\"draining\"").doesNotContain("[DONE]");
      assertThat(rest).as("the last chunk, which a clean end has").doesNotEndWith("0\r\n\r\n");
    }
  }

  @Test
  void endsAStreamOverHttp2ThatTakesTooLongWithAnErrorAndNotCleanly() throws Exception {
    try (RawHttp2 caller = RawHttp2.to(lab.port())) {
      caller.post(1, CHAT, LONG);
      caller.readTo(frame -> frame.type() == RawHttp2.DATA);
      took(drain(Duration.ofMillis(500)));
      caller.readTo(frame -> frame.type() == RawHttp2.RST_STREAM);
      List<Frame> stream = caller.seen(1);
      assertThat(stream).noneMatch(Frame::endsStream);
      assertThat(stream.getLast().type()).isEqualTo(RawHttp2.RST_STREAM);
      assertThat(caller.body(1)).contains("data: {\"error\":").doesNotContain("[DONE]");
    }
  }

  @Test
  void endsAnAnthropicStreamThatTakesTooLongWithAnErrorEvent() throws Exception {
    String body = Bodies.message("anthropic/sim-events=1200,rate=20", true);
    try (RawHttp1 caller = new RawHttp1(lab.port()).send(RawHttp1.post("/v1/messages", body))) {
      caller.readTo("the answer");
      took(drain(Duration.ofMillis(300)));
      assertThat(caller.readToEnd())
          .contains("event: error\ndata: {\"type\":\"error\"")
          .doesNotContain("message_stop");
    }
  }

  @Test
  void waitsForACallerThatReadsSlowly() throws Exception {
    int window = 65_535;
    try (RawHttp2 caller = RawHttp2.to(lab.port())) {
      caller.post(1, CHAT, Bodies.chat("openai/sim-events=70,bytes=1000", false));
      caller.readTo(_ -> caller.body(1).length() >= window);
      Thread stopping = Thread.ofVirtual().start(this::drainAndClose);
      caller.readTo(frame -> frame.type() == RawHttp2.GOAWAY);
      Thread.sleep(200);
      caller.window(0, window);
      caller.window(1, window);
      caller.readToEnd();
      stopping.join();
      assertThat(caller.body(1)).hasSizeGreaterThan(70_000).endsWith("}");
      assertThat(caller.seen(1).getLast().endsStream()).isTrue();
    }
  }

  private void drainAndClose() {
    lab.proxy().drain(AMPLE);
    lab.proxy().close();
  }

  @Test
  void takesNoTimeWhereThereIsNothingToDo() throws Exception {
    assertThat(took(drain(AMPLE))).isLessThan(Duration.ofSeconds(2));
    assertThat(lab.proxy().exchanges()).isZero();
  }

  private FutureTask<Duration> drain(Duration limit) {
    FutureTask<Duration> task =
        new FutureTask<>(() -> {
          long start = System.nanoTime();
          lab.proxy().drain(limit);
          return Duration.ofNanos(System.nanoTime() - start);
        });
    Thread.ofVirtual().start(task);
    return task;
  }

  private static Duration took(FutureTask<Duration> drain)
      throws InterruptedException, ExecutionException, TimeoutException {
    return drain.get(AMPLE.toSeconds() + 10, TimeUnit.SECONDS);
  }

  /// The admin port says when the drain has begun.
  private void awaitDraining() throws IOException {
    String ready = "HTTP/1.1 200 ";
    while (ready.startsWith("HTTP/1.1 200 ")) {
      try (RawHttp1 admin = new RawHttp1(lab.proxy().adminAddress().getPort())) {
        ready = admin.send(RawHttp1.get("/readyz")).readTo("\r\n\r\n");
      }
    }
  }
}
