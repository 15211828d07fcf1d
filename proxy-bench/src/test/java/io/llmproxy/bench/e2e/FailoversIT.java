package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Streams that break at their first target, before and after their content has begun, and go on at
/// the second: no character is repeated, lost or altered.
final class FailoversIT {

  private static final String[] FAULTS = {
    "status=500", "reset=head", "cut=%d", "drop=%d", "close=%d", "end=%d", "error_event=%d"
  };

  /// Some faults end a connection with all that it carries, so that the second target is elsewhere.
  private static final String[] PROVIDERS = {"openai", "grok", "glm", "anthropic"};

  private static final Pattern TEXT =
      Pattern.compile("\"delta\":\\{[^}]*\"content\":\"((?:[^\"\\\\]|\\\\.)*)\"");

  /// A target fails no more often in a row than its circuit breaker lets it.
  private static final int EACH = 4;

  private static final int CALLERS = 10;

  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger failedOver = new AtomicInteger();

  @Test
  @Timeout(240)
  void aThousandFailOversLoseNothing() throws Exception {
    run(1_000);
  }

  @Test
  @Tag("long")
  @Timeout(3600)
  void tenThousandFailOversLoseNothing() throws Exception {
    run(10_000);
  }

  private void run(int requests) throws Exception {
    int routes = requests / EACH;
    StringBuilder yaml = new StringBuilder("  routes:\n");
    for (int i = 0; i < routes; i++) {
      String fault = FAULTS[i % FAULTS.length].formatted(1 + i % 11);
      String provider = PROVIDERS[i / FAULTS.length % PROVIDERS.length];
      yaml.append(
          "    - {model: m%d, targets: [\"%s/sim-words,events=12,%s,id=r%d\", \"groq/sim-words,events=12\"], resume: agreed_prefix}\n"
              .formatted(i, provider, fault, i));
    }
    try (ProxyBed bed = new ProxyBed(ProxyBed.Plan.of(Wire.H2).withRoot(yaml.toString()));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      String wanted = text(bed.ask(Wire.H1, Ask.of("groq/sim-words,events=12", true)));
      assertThat(wanted).startsWith("This answer is simulated.");
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        int first = i;
        callers.add(threads.submit(() -> call(bed, first, routes, wanted)));
      }
      for (Future<?> caller : callers) {
        caller.get();
      }
      assertThat(wrong).isEmpty();
      assertThat(bed.books().requests()).isGreaterThan(requests);
      assertThat(failedOver.get()).isEqualTo(requests);
      bed.assertAtRest();
    }
  }

  private Void call(ProxyBed bed, int first, int routes, String wanted) throws Exception {
    for (int i = first; i < routes; i += CALLERS) {
      for (int j = 0; j < EACH; j++) {
        Answer answer = bed.ask(j % 2 == 0 ? Wire.H1 : Wire.H2, Ask.of("m" + i, true));
        if (answer.ending() != Ending.WHOLE || !text(answer).equals(wanted)) {
          wrong.add("m" + i + " " + answer.status() + ": " + answer.text());
        }
        failedOver.incrementAndGet();
      }
    }
    return null;
  }

  private static String text(Answer answer) {
    StringBuilder text = new StringBuilder();
    Matcher matcher = TEXT.matcher(answer.text());
    while (matcher.find()) {
      text.append(matcher.group(1));
    }
    return text.toString();
  }
}
