package io.llmproxy.proxy.upstream;

import static io.llmproxy.proxy.upstream.RawHttp2Server.INITIAL_WINDOW_SIZE;
import static io.llmproxy.proxy.upstream.RawHttp2Server.MAX_CONCURRENT_STREAMS;
import static io.llmproxy.proxy.upstream.RawHttp2Server.REFUSED_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.upstream.PoolBed.Plan;
import io.llmproxy.proxy.upstream.PoolBed.Reply;
import io.llmproxy.proxy.upstream.RawHttp2Server.Peer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a provider's HTTP/2 connections may do to the attempts they carry.
@Timeout(60)
final class Http2PoolIT {

  private final AtomicIntegerArray requests = new AtomicIntegerArray(1000);

  /// Answers the first request of the first connection, and holds every other.
  private void holdAfterTheFirst(Peer peer, int number, int most) throws IOException {
    peer.begin(MAX_CONCURRENT_STREAMS, most);
    while (true) {
      int stream = peer.readRequest();
      requests.incrementAndGet(number);
      if (number == 0 && requests.get(0) == 1) {
        peer.answer(stream);
      }
    }
  }

  @Test
  void opensAConnectionBeforeThoseItHasAreFull() throws Exception {
    try (RawHttp2Server server = new RawHttp2Server((peer, n) -> holdAfterTheFirst(peer, n, 8));
        PoolBed bed = new PoolBed(Plan.http2(server.port()))) {
      bed.ask();
      for (int i = 0; i < 5; i++) {
        bed.start(2);
      }
      PoolBed.until("five requests", () -> requests.get(0) == 6);
      assertThat(bed.connections()).isEqualTo(1);
      bed.start(2);
      PoolBed.until("a second connection", () -> server.connections() == 2);
      PoolBed.until("it is open", () -> bed.connections() == 2);
      assertThat(requests.get(0)).as("on the first").isLessThan(1 + 8);
      bed.start(2);
      PoolBed.until("the next goes there", () -> requests.get(1) == 1);
    }
  }

  @Test
  void opensNoMoreConnectionsThanAllowed() throws Exception {
    try (RawHttp2Server server = new RawHttp2Server((peer, n) -> holdAfterTheFirst(peer, n, 4));
        PoolBed bed = new PoolBed(Plan.http2(server.port()).atMost(2))) {
      bed.ask();
      for (int i = 0; i < 20; i++) {
        bed.start(2);
      }
      PoolBed.until("both are full", () -> requests.get(0) == 5 && requests.get(1) == 4);
      Thread.sleep(50);
      assertThat(bed.connections()).isEqualTo(2);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void aPeerThatAllowsOneStreamIsGivenOneAtATime() throws Exception {
    try (RawHttp2Server server =
            new RawHttp2Server((peer, n) -> {
              peer.begin(MAX_CONCURRENT_STREAMS, 1);
              AtomicInteger open = new AtomicInteger();
              while (true) {
                int stream = peer.readRequest();
                if (open.getAndIncrement() == 0) {
                  Thread.startVirtualThread(() -> answerLate(peer, stream, 20, open));
                } else {
                  open.decrementAndGet();
                  peer.reset(stream, REFUSED_STREAM);
                }
              }
            });
        PoolBed bed = new PoolBed(Plan.http2(server.port()).atMost(8))) {
      List<Reply> replies = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        replies.add(bed.start(2));
      }
      for (Reply reply : replies) {
        assertThat(reply.await()).isEqualTo("ok");
      }
      assertThat(server.connections()).isBetween(2, 8);
    }
  }

  @Test
  void settingsThatShrinkEverythingStallNobody() throws Exception {
    try (RawHttp2Server server =
            new RawHttp2Server((peer, n) -> {
              peer.begin();
              peer.answer(peer.readRequest());
              int first = peer.readUntil(RawHttp2Server.HEADERS).stream();
              int second = peer.readUntil(RawHttp2Server.HEADERS).stream();
              // Windows of both streams turn negative (RFC 9113 section 6.9.2).
              byte[] shrunk = {
                0, MAX_CONCURRENT_STREAMS, 0, 0, 0, 1, 0, INITIAL_WINDOW_SIZE, 0, 0, 0, 0
              };
              peer.write(RawHttp2Server.SETTINGS, 0, 0, shrunk);
              peer.window(0, 1 << 20);
              peer.window(first, 1 << 20);
              peer.window(second, 1 << 20);
              peer.answer(peer.readRequest());
              peer.answer(peer.readRequest());
              while (true) {
                peer.answer(peer.readRequest());
              }
            });
        PoolBed bed = new PoolBed(Plan.http2(server.port()).atMost(1))) {
      bed.ask();
      Reply first = bed.start(100_000);
      Reply second = bed.start(100_000);
      assertThat(first.await()).isEqualTo("ok");
      assertThat(second.await()).isEqualTo("ok");
      Reply third = bed.start(0);
      Reply fourth = bed.start(0);
      assertThat(third.await()).isEqualTo("ok");
      assertThat(fourth.await()).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 11})
  void goAwayFinishesWhatItCoversAndSendsTheRestElsewhere(int code) throws Exception {
    try (RawHttp2Server server =
            new RawHttp2Server((peer, n) -> {
              if (n > 0) {
                peer.answerAll(() -> requests.incrementAndGet(n));
              }
              peer.begin();
              int first = peer.readRequest();
              peer.readRequest();
              peer.readRequest();
              peer.goAway(first, code);
              Thread.sleep(50);
              peer.answer(first);
              peer.readRequest();
            });
        PoolBed bed = new PoolBed(Plan.http2(server.port()))) {
      List<Reply> replies = List.of(bed.start(2), bed.start(2), bed.start(2));
      for (Reply reply : replies) {
        assertThat(reply.await()).isEqualTo("ok");
      }
      assertThat(requests.get(1)).as("sent again").isEqualTo(2);
      PoolBed.until("the first is closed", () -> bed.connections() == 1);
    }
  }

  @Test
  void goAwayAgainAndAgainIsSeenByNobody() throws Exception {
    AtomicInteger goAways = new AtomicInteger();
    try (RawHttp2Server server = new RawHttp2Server((peer, n) -> goAwaySoon(peer, goAways));
        PoolBed bed = new PoolBed(Plan.http2(server.port()))) {
      long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
      int asked = 0;
      while (System.nanoTime() < end) {
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
          replies.add(bed.start(i % 3 == 0 ? 50_000 : 20));
        }
        for (Reply reply : replies) {
          assertThat(reply.await()).isEqualTo("ok");
          asked++;
        }
      }
      assertThat(goAways.get()).isGreaterThan(10);
      assertThat(asked).isGreaterThan(goAways.get());
    }
  }

  /// Answers each request 10 ms late; after 100 ms it says GOAWAY, answers what that covers, and
  /// takes no notice of the rest.
  private static void goAwaySoon(Peer peer, AtomicInteger goAways) throws IOException {
    peer.begin(INITIAL_WINDOW_SIZE, 1 << 20);
    peer.window(0, 1 << 24);
    int last = 0;
    long start = System.nanoTime();
    while (System.nanoTime() - start < 100_000_000) {
      int stream = peer.readRequest();
      last = Math.max(last, stream);
      Thread.startVirtualThread(() -> answerLate(peer, stream, 10, new AtomicInteger()));
    }
    goAways.incrementAndGet();
    peer.goAway(last, 0);
    while (true) {
      int stream = peer.readRequest();
      if (stream <= last) {
        Thread.startVirtualThread(() -> answerLate(peer, stream, 10, new AtomicInteger()));
      }
    }
  }

  private static void answerLate(Peer peer, int stream, int millis, AtomicInteger open) {
    try {
      Thread.sleep(millis);
      open.decrementAndGet();
      peer.answer(stream);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void callersThatDoNotReadLeaveTheConnectionToOthers() throws Exception {
    int slow = 90;
    try (RawHttp2Server server =
            new RawHttp2Server((peer, n) -> {
              peer.begin();
              for (int i = 0; i < slow; i++) {
                int stream = peer.readRequest();
                peer.head(stream);
                for (int kib = 0; kib < 256; kib += 16) {
                  peer.data(stream, false, new byte[16 << 10]);
                }
              }
              while (true) {
                peer.answer(peer.readRequest());
              }
            });
        PoolBed bed = new PoolBed(Plan.http2(server.port()).atMost(1))) {
      List<Reply> stalled = new ArrayList<>();
      for (int i = 0; i < slow; i++) {
        Reply reply = new Reply();
        reply.pausing = true;
        stalled.add(bed.start(2, reply));
      }
      for (Reply reply : stalled) {
        PoolBed.until("its window is spent", () -> reply.bytes.get() == 256 << 10);
      }
      assertThat(bed.ask()).isEqualTo("ok");
    }
  }

  /// Takes no more of the first connection's bodies than its window holds.
  private void readSlowly(Peer peer, int number) throws IOException {
    peer.answerAll(() -> requests.incrementAndGet(number));
  }

  @Test
  void aBodyThatIsNotReadHoldsUpNoOtherRequest() throws Exception {
    try (RawHttp2Server server = new RawHttp2Server(this::readSlowly);
        PoolBed bed = new PoolBed(Plan.http2(server.port()))) {
      assertThat(bed.ask()).isEqualTo("ok");
      Reply large = bed.start(100_000);
      assertThat(bed.ask()).isEqualTo("ok");
      assertThat(requests.get(1)).as("on a connection of its own").isEqualTo(1);
      assertThat(large.end).isNotDone();
    }
  }

  @Test
  void whereNoOtherConnectionCanBeOpenedABlockedOneIsUsed() throws Exception {
    try (RawHttp2Server server =
            new RawHttp2Server((peer, n) -> {
              peer.begin();
              peer.answer(peer.readRequest());
              int large = peer.readUntil(RawHttp2Server.HEADERS).stream();
              peer.readUntil(RawHttp2Server.HEADERS);
              peer.window(0, 1 << 20);
              peer.window(large, 1 << 20);
              peer.answer(peer.readRequest());
              peer.answer(peer.readRequest());
              peer.readRequest();
            });
        PoolBed bed = new PoolBed(Plan.http2(server.port()))) {
      assertThat(bed.ask()).isEqualTo("ok");
      server.refuseMore();
      Reply large = bed.start(100_000);
      assertThat(bed.ask()).isEqualTo("ok");
      assertThat(large.await()).isEqualTo("ok");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aRequestIsWrittenWhenThePeerHasTakenItsLastByte() throws Exception {
    CountDownLatch grant = new CountDownLatch(1);
    try (RawHttp2Server server =
            new RawHttp2Server((peer, n) -> {
              peer.begin(INITIAL_WINDOW_SIZE, 1000);
              peer.answer(peer.readRequest());
              int stream = peer.readUntil(RawHttp2Server.HEADERS).stream();
              grant.await();
              peer.window(stream, 10_000);
              peer.answer(peer.readRequest());
              peer.readRequest();
            });
        PoolBed bed = new PoolBed(Plan.http2(server.port()))) {
      Reply small = bed.start(2);
      assertThat(small.await()).isEqualTo("ok");
      assertThat(bed.isWritten(small)).isTrue();
      Reply large = bed.start(5000);
      Thread.sleep(50);
      assertThat(bed.isWritten(large)).isFalse();
      grant.countDown();
      assertThat(large.await()).isEqualTo("ok");
      assertThat(bed.isWritten(large)).isTrue();
    }
  }

  @Test
  void anAnswerBeforeTheRequestWasReadIsNotLostToAReset() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (RawHttp2Server server =
              new RawHttp2Server((peer, n) -> {
                peer.begin(INITIAL_WINDOW_SIZE, 1 << 26);
                peer.window(0, 1 << 26);
                peer.answer(peer.readUntil(RawHttp2Server.HEADERS).stream());
              });
          PoolBed bed = new PoolBed(Plan.http2(server.port()))) {
        assertThat(bed.start(20 << 20).await()).isEqualTo("ok");
      }
    }
  }
}
