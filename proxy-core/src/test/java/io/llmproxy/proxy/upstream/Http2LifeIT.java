package io.llmproxy.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.upstream.PoolBed.Plan;
import io.llmproxy.proxy.upstream.PoolBed.Reply;
import io.llmproxy.proxy.upstream.RawHttp2Server.Frame;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How long an HTTP/2 connection is kept: as long as its peer is there, not for ever, and not for
/// nothing. Time is told to the pool.
@Timeout(60)
final class Http2LifeIT {

  private static final Duration NOW = Duration.ZERO;
  private final AtomicIntegerArray requests = new AtomicIntegerArray(10);

  @Test
  void aConnectionThatDoesNotAnswerAPingIsGivenUp() throws Exception {
    CountDownLatch pinged = new CountDownLatch(1);
    try (RawHttp2Server server =
            new RawHttp2Server((peer, n) -> {
              if (n > 0) {
                peer.answerAll(() -> requests.incrementAndGet(n));
              }
              peer.begin();
              peer.answer(peer.readRequest());
              peer.head(peer.readRequest());
              while (true) {
                Frame frame = peer.read();
                if (frame.type() == RawHttp2Server.PING) {
                  pinged.countDown();
                }
              }
            });
        PoolBed bed = new PoolBed(Plan.http2(server.port()))) {
      bed.ask();
      Reply begun = bed.start(2);
      Reply silent = bed.start(2);
      PoolBed.until("the reply has begun", () -> begun.status == 200);
      bed.tend(NOW);
      bed.tend(Duration.ofSeconds(4));
      assertThat(pinged.getCount()).isEqualTo(1);
      bed.tend(Duration.ofSeconds(6));
      pinged.await();
      bed.tend(Duration.ofSeconds(10));
      assertThat(silent.end).isNotDone();
      bed.tend(Duration.ofSeconds(12));
      assertThat(silent.await()).startsWith("UPSTREAM_CUT").contains("PING");
      assertThat(begun.await()).startsWith("UPSTREAM_CUT");
      assertThat(bed.ask()).isEqualTo("ok");
      assertThat(requests.get(1)).isEqualTo(1);
      PoolBed.until("the dead one is gone", () -> bed.connections() == 1);
    }
  }

  @Test
  void aConnectionThatAnswersAPingIsKept() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger pings = new AtomicInteger();
    try (RawHttp2Server server =
            new RawHttp2Server((peer, n) -> {
              peer.begin();
              int stream = peer.readRequest();
              requests.incrementAndGet(n);
              Frame ping = peer.readUntil(RawHttp2Server.PING);
              peer.write(RawHttp2Server.PING, 1, 0, ping.payload());
              pings.incrementAndGet();
              answer.await();
              peer.answer(stream);
              peer.read();
            });
        PoolBed bed = new PoolBed(Plan.http2(server.port()))) {
      Reply reply = bed.start(2);
      PoolBed.until("it is asked", () -> requests.get(0) == 1);
      PoolBed.until(
          "pinged",
          () -> {
            bed.tend(Duration.ofSeconds(6));
            return pings.get() == 1;
          });
      PoolBed.until(
          "heard",
          () -> {
            bed.tend(Duration.ofSeconds(7));
            return true;
          });
      Thread.sleep(50);
      bed.tend(Duration.ofSeconds(8));
      bed.tend(Duration.ofSeconds(12));
      answer.countDown();
      assertThat(reply.await()).isEqualTo("ok");
    }
  }

  @Test
  void anOldConnectionFinishesWhatItCarriesAndTakesNoMore() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    try (RawHttp2Server server =
            new RawHttp2Server((peer, n) -> {
              if (n > 0) {
                peer.answerAll(() -> requests.incrementAndGet(n));
              }
              peer.begin();
              int stream = peer.readRequest();
              requests.incrementAndGet(n);
              answer.await();
              peer.answer(stream);
              peer.readRequest();
            });
        PoolBed bed = new PoolBed(Plan.http2(server.port()))) {
      Reply old = bed.start(2);
      PoolBed.until("it is asked", () -> requests.get(0) == 1);
      // Once: the peer of this test is busy and would not answer a PING before the next time.
      bed.tend(Duration.ofMinutes(11));
      assertThat(bed.ask()).isEqualTo("ok");
      assertThat(requests.get(1)).isEqualTo(1);
      answer.countDown();
      assertThat(old.await()).isEqualTo("ok");
      PoolBed.until("the old one is closed", () -> bed.connections() == 1);
    }
  }

  @Test
  void anIdleConnectionIsClosed() throws Exception {
    try (RawHttp2Server server = new RawHttp2Server((peer, _) -> peer.answerAll(() -> {}));
        PoolBed bed = new PoolBed(Plan.http2(server.port()))) {
      bed.ask();
      bed.tend(Duration.ofSeconds(49));
      assertThat(bed.connections()).isEqualTo(1);
      bed.tend(Duration.ofSeconds(52));
      PoolBed.until("closed", () -> bed.connections() == 0);
    }
  }
}
