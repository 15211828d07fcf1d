package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A provider that goes silent is given up, and the caller is told.
@Timeout(60)
final class DeadlinesIT {

  private static final String TIMEOUTS =
      "  timeouts:\n    response_head: \"1500ms\"\n    idle: \"1500ms\"\n    total: \"4s\"\n";
  private static final List<ProxyBed> BEDS = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    for (Wire upstream : Wire.values()) {
      BEDS.add(new ProxyBed(ProxyBed.Plan.of(upstream).withRoot(TIMEOUTS)));
    }
  }

  @AfterAll
  static void stop() {
    BEDS.forEach(ProxyBed::close);
  }

  @AfterEach
  void atRest() throws InterruptedException {
    for (ProxyBed bed : BEDS) {
      bed.assertAtRest();
    }
  }

  /// Asks over both versions of HTTP, both ways to the provider, all at once.
  private static List<Answer> askEverywhere(Ask ask) throws Exception {
    List<Callable<Answer>> asks = new ArrayList<>();
    for (ProxyBed bed : BEDS) {
      for (Wire wire : Wire.values()) {
        asks.add(() -> bed.ask(wire, ask));
      }
    }
    List<Answer> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> future : threads.invokeAll(asks)) {
        answers.add(future.get());
      }
    }
    return answers;
  }

  @Test
  void aProviderThatNeverAnswersEndsInATimeout() throws Exception {
    for (Answer answer : askEverywhere(Ask.of("openai/sim-silent", true))) {
      Refusals.assertOpenAi(answer, 504, "upstream_timeout");
    }
    for (Answer answer : askEverywhere(Ask.of("anthropic/sim-silent", false))) {
      Refusals.assertAnthropic(answer, 504, "timeout_error");
    }
    for (ProxyBed bed : BEDS) {
      Patience.until(
          "given up at the provider, each time", () -> bed.cancellations("sim-silent").size() == 4);
    }
  }

  @Test
  void aStreamThatStallsBreaksOff() throws Exception {
    for (String provider : List.of("glm", "anthropic")) {
      Ask ask = Ask.of(provider + "/sim-events=20,stall=5", true);
      for (Answer answer : askEverywhere(ask)) {
        assertThat(answer.text()).contains("the answer goes");
        Refusals.assertBrokenOff(answer, ask.path());
      }
    }
  }

  @Test
  void aStreamThatTakesTooLongInAllBreaksOff() throws Exception {
    Ask ask = Ask.of("openai/sim-events=900,rate=30", true);
    for (Answer answer : askEverywhere(ask)) {
      Refusals.assertBrokenOff(answer, ask.path());
    }
  }
}
