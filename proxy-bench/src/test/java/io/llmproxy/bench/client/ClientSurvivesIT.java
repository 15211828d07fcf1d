package io.llmproxy.bench.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.sdk.Child;
import io.llmproxy.bench.simulator.SimulatorSettings;
import io.llmproxy.bench.simulator.Simulators;
import io.llmproxy.client.ChatEvent;
import io.llmproxy.client.ChatRequest;
import io.llmproxy.client.ChatStream;
import io.llmproxy.client.LlmClient;
import io.llmproxy.client.LlmException;
import io.llmproxy.client.Resume;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A worker before two proxies, one of which is killed and started again and again, with providers
/// behind them that fail now and then: no call fails, no text comes twice, and the providers are
/// asked at most 1.1 times for each call.
@Timeout(180)
final class ClientSurvivesIT {

  private static final Duration SHOW = Duration.ofSeconds(Boolean.getBoolean("long") ? 60 : 8);
  private static final Duration LIFE = Duration.ofMillis(1800);
  private static final int WORKERS = 16;

  /// One call in so many meets a provider that fails at first, in one of several ways.
  private static final int FLAPS_EVERY = 40;

  private static final String PLAIN = "words,events=24,rate=120";

  @TempDir private Path directory = Path.of("");

  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger resent = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  void noCallFailsAndNoTextComesTwice() throws Exception {
    try (Simulators simulators = Simulators.start(SimulatorSettings.DEFAULT.withAttempts())) {
      Path file = Files.writeString(directory.resolve("llmproxy.yaml"), yaml(simulators));
      try (Child steady = Child.serve(file);
          LlmClientBefore before = new LlmClientBefore(steady, file)) {
        String wanted = before.text("plain", "what is wanted");
        assertThat(wanted).startsWith("This answer is simulated.");
        int kills = show(before, wanted);
        report(simulators, kills);
      }
    }
  }

  private static String yaml(Simulators simulators) {
    StringBuilder routes = new StringBuilder("  routes:\n");
    routes.append(route("plain", ""));
    routes.append(route("refused", ",status=503,times=1"));
    routes.append(route("reset", ",reset=head,times=1"));
    routes.append(route("broken", ",cut=7,times=1"));
    return ClientBed.yaml(simulators, routes.toString());
  }

  private static String route(String name, String fault) {
    return """
        - model: "%s"
          targets: ["openai/sim-%s%s", "groq/sim-%s"]
          resume: agreed_prefix
    """
        .formatted(name, PLAIN, fault, PLAIN);
  }

  /// Gives how often the second proxy was killed.
  private int show(LlmClientBefore before, String wanted) throws Exception {
    int kills = 0;
    long end = System.nanoTime() + SHOW.toNanos();
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < WORKERS; i++) {
        workers.submit(() -> work(before.client, wanted));
      }
      while (System.nanoTime() < end) {
        // The proxy's life is what is asked for; nothing is waited for here.
        Thread.sleep(LIFE);
        before.kill();
        kills++;
        if (System.nanoTime() < end) {
          before.restart();
        }
      }
      over.set(true);
    }
    return kills;
  }

  private Void work(LlmClient client, String wanted) {
    while (!over.get()) {
      int number = calls.incrementAndGet();
      String[] flaps = {"refused", "reset", "broken"};
      String model = number % FLAPS_EVERY == 0 ? flaps[number / FLAPS_EVERY % 3] : "plain";
      ChatRequest request =
          ChatRequest.builder().model(model).maxTokens(64).user("call " + number).build();
      StringBuilder text = new StringBuilder();
      try (ChatStream stream = client.chat().stream(request)) {
        for (ChatEvent event : stream) {
          switch (event) {
            case ChatEvent.Text piece -> text.append(piece.text());
            case ChatEvent.End end -> resent.addAndGet(end.info().tries() - 1);
            default -> {}
          }
        }
      } catch (LlmException e) {
        failures.add(model + ": " + e);
      }
      if (!text.toString().equals(wanted)) {
        wrong.add(model + ": " + text);
      }
    }
    return null;
  }

  private void report(Simulators simulators, int kills) {
    // The first call, which told what is wanted, is one too.
    int all = calls.get() + 1;
    int attempts =
        simulators.books().attempts().values().stream().mapToInt(Integer::intValue).sum();
    double ratio = (double) attempts / all;
    System.out.printf(
        "client survives: %d calls in %d s, %d kills, %d sent again by the client, %d failed,"
            + " %d texts wrong, %d attempts at providers (%.3f a call)%n",
        all, SHOW.toSeconds(), kills, resent.get(), failures.size(), wrong.size(), attempts, ratio);
    assertThat(failures).as("calls that failed").isEmpty();
    assertThat(wrong).as("texts that are not the answer").isEmpty();
    assertThat(kills).isGreaterThanOrEqualTo((int) SHOW.toSeconds() / 6);
    assertThat(resent.get()).as("kills were felt").isPositive();
    assertThat(ratio).as("attempts a call").isBetween(1.0, 1.1);
  }

  /// The client before a proxy that stays and one that is killed.
  private static final class LlmClientBefore implements AutoCloseable {
    private final Path file;
    private final String address;
    private final LlmClient client;
    private Child mortal;

    LlmClientBefore(Child steady, Path file) throws Exception {
      this.file = file;
      this.mortal = Child.serve(file);
      URI first = steady.ready().getFirst();
      URI second = mortal.ready().getFirst();
      this.address = "127.0.0.1:" + second.getPort();
      this.client =
          LlmClient.builder()
              .endpoint(second.toString())
              .endpoint(first.toString())
              .spread(true)
              .resume(Resume.AGREED_PREFIX)
              .deadline(Duration.ofSeconds(20))
              .build();
    }

    String text(String model, String prompt) {
      try (ChatStream stream =
          client.chat().stream(
              ChatRequest.builder().model(model).maxTokens(64).user(prompt).build())) {
        return stream.text();
      }
    }

    void kill() throws Exception {
      mortal.kill();
      mortal.close();
    }

    void restart() throws Exception {
      mortal = Child.serve(file, address);
      mortal.ready();
    }

    @Override
    public void close() {
      client.close();
      mortal.close();
    }
  }
}
