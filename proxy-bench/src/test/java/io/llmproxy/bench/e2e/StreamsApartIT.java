package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Streams that carry their own id in every event, many at once over shared connections: none has
/// an event of another, one too few or one too many.
final class StreamsApartIT {

  private static final int CALLERS = 20;
  private static final int EVENTS = 4;
  private static final Pattern ID = Pattern.compile("\"id\":\"(s[0-9]+)\"");

  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

  @Test
  @Timeout(240)
  void twentyThousandStreamsAreNotMixed() throws Exception {
    run(20_000);
  }

  @Test
  @Tag("long")
  @Timeout(7200)
  void aMillionStreamsAreNotMixed() throws Exception {
    run(1_000_000);
  }

  private void run(int streams) throws Exception {
    try (ProxyBed bed = ProxyBed.of(Wire.H2);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        int first = i * (streams / CALLERS);
        Wire wire = i % 2 == 0 ? Wire.H1 : Wire.H2;
        callers.add(threads.submit(() -> call(bed, wire, first, streams / CALLERS)));
      }
      for (Future<?> caller : callers) {
        caller.get();
      }
      assertThat(wrong).isEmpty();
      bed.assertAtRest();
    }
  }

  private Void call(ProxyBed bed, Wire wire, int first, int count) throws Exception {
    try (Caller caller = wire.open(bed.address())) {
      for (int i = first; i < first + count; i++) {
        String id = "s" + i;
        Ask ask = Ask.of("openai/sim-events=" + EVENTS + ",id=" + id, true);
        Answer answer = caller.send(ask);
        if (answer.ending() != Ending.WHOLE || !isOf(id, answer.text())) {
          wrong.add(id + ": " + answer.text());
        }
      }
    }
    return null;
  }

  private static boolean isOf(String id, String text) {
    Matcher matcher = ID.matcher(text);
    int events = 0;
    while (matcher.find()) {
      if (!matcher.group(1).equals(id)) {
        return false;
      }
      events++;
    }
    return events >= EVENTS && text.split("\"content\":\"[^\"]", -1).length - 1 == EVENTS;
  }
}
