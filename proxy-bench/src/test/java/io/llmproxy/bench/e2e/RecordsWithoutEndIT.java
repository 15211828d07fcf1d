package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Event streams of one record that never ends, each gathered as far as there is room: many of them
/// do not fill a small proxy's memory, and take nothing from a stream that is well.
@Timeout(120)
final class RecordsWithoutEndIT {

  private static final int STREAMS = 40;
  private static final String ENDLESS = "openai/sim-endless=15MiB";

  /// In this heap all records together have 64 MiB; without that bound they would come to 600 MiB,
  /// and so much again that is held back for their callers.
  private static final List<String> SMALL = List.of("-Xmx200m", "-XX:+ExitOnOutOfMemoryError");

  /// All of the heap, and beside it what is held back for callers, in buffers that are not full.
  private static final long MOST_BYTES = (200 + 2 * (64L + STREAMS)) << 20;

  @Test
  void manyTogetherTakeABoundedMemory() throws Exception {
    try (ProxyProcess proxy = new ProxyProcess("", SMALL);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      InetSocketAddress address = proxy.address();
      assertWhole(address);
      long before = proxy.anonymousBytes();
      List<Future<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        answers.add(threads.submit(() -> ask(address, ENDLESS)));
      }
      long most = before;
      while (!answers.stream().allMatch(Future::isDone)) {
        assertWhole(address);
        most = Math.max(most, proxy.anonymousBytes());
      }
      for (Future<Answer> answer : answers) {
        assertThat(answer.get().status()).isEqualTo(502);
      }
      assertThat(proxy.log()).noneMatch(line -> line.contains("OutOfMemory"));
      System.out.printf(
          "records without end: %d at once take %d MiB%n", STREAMS, (most - before) >> 20);
      assertThat(most - before).isLessThan(MOST_BYTES);
    }
  }

  private static void assertWhole(InetSocketAddress address) throws Exception {
    assertThat(ask(address, "openai/sim-events=5").ending()).isEqualTo(Ending.WHOLE);
  }

  private static Answer ask(InetSocketAddress address, String model) throws Exception {
    try (Http1Caller caller = new Http1Caller(address)) {
      return caller.send(Ask.of(model, true));
    }
  }
}
