package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.simulator.Connections;
import io.llmproxy.bench.simulator.SimulatorSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a provider's HTTP/2 connections may do without a caller's noticing, through the whole
/// proxy.
@Timeout(90)
final class UpstreamHttp2IT {

  /// How long providers' connections go away under load.
  private static final Duration LOAD = Duration.ofSeconds(Boolean.getBoolean("long") ? 60 : 4);

  private static final String SETTINGS = "\0\0\0\4\0\0\0\0\0";
  private static RawProvider provider;
  private static ProxyBed bed;

  @BeforeAll
  static void start() throws IOException {
    provider = new RawProvider();
    String raw =
        "    raw:\n      type: openai\n      api_key: k\n      http2: prior_knowledge\n"
            + "      base_url: \""
            + provider.baseUrl()
            + "\"\n";
    Connections fleeting = new Connections(20_000, Duration.ofMillis(100));
    bed =
        new ProxyBed(
            ProxyBed.Plan.of(Wire.H2)
                .with(SimulatorSettings.DEFAULT.withHttp2(fleeting))
                .withOthers(raw));
  }

  @AfterAll
  static void stop() throws IOException {
    bed.close();
    provider.close();
  }

  @AfterEach
  void atRest() throws InterruptedException {
    bed.assertAtRest();
  }

  @Test
  void connectionsThatGoAwayUnderLoadAreSeenByNobody() throws Exception {
    long end = System.nanoTime() + LOAD.toNanos();
    AtomicInteger whole = new AtomicInteger();
    Queue<String> errors = new ConcurrentLinkedQueue<>();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String model = i == 0 ? "sim-events=8,rate=80,goaway=2" : "sim-events=20,rate=400";
      callers.add(
          Thread.startVirtualThread(() -> {
            try (Caller caller = Wire.H2.open(bed.address())) {
              while (System.nanoTime() < end) {
                Answer answer = caller.send(Ask.of("openai/" + model, true));
                if (answer.ending() == Ending.WHOLE && answer.text().endsWith("data: [DONE]\n\n")) {
                  whole.incrementAndGet();
                } else {
                  errors.add(answer.status() + " " + answer.text());
                }
              }
            } catch (IOException | InterruptedException e) {
              errors.add(e.toString());
            }
          }));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(errors).isEmpty();
    assertThat(whole.get()).isGreaterThan(100);
  }

  @Test
  void aProviderThatFallsSilentIsGivenUpLongBeforeAnyDeadline() throws Exception {
    provider.script((line, number) -> {
      line.write(SETTINGS);
      if (number > 0) {
        Thread.sleep(100);
        line.write("\0\0\u0014\1\4\0\0\0\3\u0088\u000f\u0010\u0010application/json");
        line.write("\0\0" + (char) RawProvider.JSON.length() + "\0\1\0\0\0\3" + RawProvider.JSON);
      }
      Thread.sleep(30_000);
    });
    try (Caller caller = Wire.H2.open(bed.address())) {
      long start = System.nanoTime();
      Answer again = caller.send(Ask.of("raw/model", false));
      assertThat(again.text()).as("asked again on another connection").isEqualTo(RawProvider.JSON);
      assertThat(again.header("x-llmproxy-attempts")).isEqualTo("2");
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertThat(took).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(25));
      assertThat(provider.connections()).isEqualTo(2);
    }
  }
}
