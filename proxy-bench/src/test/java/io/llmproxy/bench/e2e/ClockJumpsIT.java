package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.sdk.Child;
import io.llmproxy.bench.sdk.LedgerCheck;
import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.SimulatorSettings;
import io.llmproxy.bench.simulator.Simulators;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A proxy in a process of its own whose wall clock is set forward and back while requests run: no
/// caller notices, no limit and no budget gives more or less, and the ledger is right.
@Timeout(120)
final class ClockJumpsIT {

  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long DAYS = Duration.ofDays(3).toMillis();

  /// How far ahead of the true time it is set, one after another.
  private static final long[] JUMPS = {HOUR, 0, -HOUR, 0, DAYS, -DAYS, 0};

  /// Requests a minute of the provider `narrow`.
  private static final int LIMIT = 120;

  /// Calls that the provider `poor` has money for.
  private static final int PAID = 3;

  private static final String DIME = "sim-events=1000,bytes=4";
  private static final Pattern CREATED = Pattern.compile("\"created\":(\\d+)");

  @TempDir Path directory;

  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger streams = new AtomicInteger();
  private final AtomicInteger answers = new AtomicInteger();

  private Path configuration(Simulators simulators) throws Exception {
    String openai = simulators.baseUrl(SimulatedProvider.OPENAI).toString();
    return Files.writeString(
        directory.resolve("llmproxy.yaml"),
        """
        llmproxy:
          listen_addr: "127.0.0.1:0"
          admin: {listen_addr: "127.0.0.1:0"}
          ledger: {dir: "%s", durability: strict}
          logging: {requests: none}
          rate_limits: {requests_per_minute: 1000000, tokens_per_minute: 1000000000, concurrent_requests: 100}
          cost_budget: {daily_limit: 1000000, monthly_limit: 1000000, on_unpriced: charge_ceiling}
          providers:
            openai: {api_key: k, base_url: "%s"}
            narrow: {type: openai, api_key: k, base_url: "%s", rate_limits: {requests_per_minute: %d}}
            poor:
              type: openai
              api_key: k
              base_url: "%s"
              cost_budget: {monthly_limit: 0.30}
              models: [{name: "%s", alias: dime, price: {input: 0, output: 100}}]
            anthropic: {api_key: k, base_url: "%s"}
            glm: {api_key: key.of-glm, base_url: "%s"}
        """
            .formatted(
                directory.resolve("ledger"),
                openai,
                openai,
                LIMIT,
                openai,
                DIME,
                simulators.baseUrl(SimulatedProvider.ANTHROPIC),
                simulators.baseUrl(SimulatedProvider.GLM)));
  }

  @Test
  void nobodyNoticesThatTheWallClockJumps() throws Exception {
    try (Simulators simulators =
            Simulators.start(SimulatorSettings.DEFAULT.withGlmKey("key.of-glm"));
        WallClock clock = WallClock.in(directory)) {
      Path configuration = configuration(simulators);
      try (Child child = Child.serve(configuration, "127.0.0.1:0", clock.flags())) {
        InetSocketAddress address = address(child);
        whileRequestsRun(address, clock);
        assertThat(simulators.books().refused())
            .as("requests that GLM refused, of %d jumps", JUMPS.length)
            .isBetween(1L, (long) JUMPS.length);
        end(child);
      }
      LedgerCheck.assertGood(directory.resolve("ledger"));
      assertThat(number("SELECT count(*) FROM record WHERE kind = 2 AND outcome = 'COMPLETED'"))
          .isEqualTo(answers.get());
      beginsAgainInThePast(configuration, clock);
    }
  }

  private void whileRequestsRun(InetSocketAddress address, WallClock clock) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (Wire wire : Wire.values()) {
        running.add(threads.submit(() -> streams(wire.open(address))));
      }
      running.add(threads.submit(() -> upToTheLimit(Wire.H1.open(address))));
      try (Caller caller = Wire.H2.open(address)) {
        spend(caller, PAID);
        for (long jump : JUMPS) {
          int before = streams.get();
          clock.set(jump);
          assertThat(created(caller)).isCloseTo(System.currentTimeMillis() + jump, within(5_000L));
          whole(caller, "glm/sim-events=2");
          spend(caller, 0);
          Patience.until("two streams more", () -> streams.get() >= before + 4 || failed(running));
        }
      } finally {
        over.set(true);
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
  }

  private static boolean failed(List<Future<?>> running) {
    return running.stream().anyMatch(Future::isDone);
  }

  /// One stream after another on one connection, each longer than the clock stands still.
  private Void streams(Caller caller) throws Exception {
    try (caller) {
      while (!over.get()) {
        whole(caller, "openai/sim-events=20,rate=40");
        streams.incrementAndGet();
      }
    }
    return null;
  }

  /// Takes all that a limit lets pass, which is neither more nor less than without jumps.
  private Void upToTheLimit(Caller caller) throws Exception {
    try (caller) {
      long begun = System.nanoTime();
      int passed = 0;
      double seconds = 0;
      while (!over.get()) {
        Answer answer = caller.send(Ask.of("narrow/sim-events=2", true));
        assertThat(answer.status()).as(answer.text()).isIn(200, 429);
        passed += answer.status() == 200 ? 1 : 0;
        seconds = (System.nanoTime() - begun) / 1e9;
        Thread.sleep(5);
      }
      answers.addAndGet(passed);
      double most = LIMIT + LIMIT * seconds / 60;
      assertThat((double) passed).isBetween(most - 3, most + 1);
    }
    return null;
  }

  private void whole(Caller caller, String model) throws Exception {
    Answer answer = caller.send(Ask.of(model, true));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
    answers.incrementAndGet();
  }

  /// Spends what is left of the small budget: so many calls, and no further one.
  private void spend(Caller caller, int calls) throws Exception {
    Ask ask =
        Ask.post(
            Ask.CHAT,
            "{\"model\":\"dime\",\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    for (int i = 0; i < calls; i++) {
      Answer answer = caller.send(ask);
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      answers.incrementAndGet();
    }
    assertThat(caller.send(ask).status()).as("nothing is left").isEqualTo(429);
  }

  /// What the proxy takes for the time: it bears the answers that it translates.
  private long created(Caller caller) throws Exception {
    Answer answer = caller.send(Ask.post(Ask.CHAT, Ask.body("anthropic/sim-events=2", false, "")));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    answers.incrementAndGet();
    Matcher created = CREATED.matcher(answer.text());
    assertThat(created.find()).as(answer.text()).isTrue();
    return Long.parseLong(created.group(1)) * 1000;
  }

  /// The clock of budgets does not begin before the newest record.
  private void beginsAgainInThePast(Path configuration, WallClock clock) throws Exception {
    long newest = number("SELECT max(at_ms) FROM record");
    clock.set(-DAYS);
    try (Child child = Child.serve(configuration, "127.0.0.1:0", clock.flags());
        Caller caller = Wire.H1.open(address(child))) {
      spend(caller, 0);
      whole(caller, "openai/sim-events=2");
      end(child);
    }
    assertThat(number("SELECT min(at_ms) FROM record WHERE epoch = 2"))
        .isGreaterThanOrEqualTo(newest);
    LedgerCheck.assertGood(directory.resolve("ledger"));
  }

  private static InetSocketAddress address(Child child) throws InterruptedException {
    URI data = child.ready().getFirst();
    return new InetSocketAddress(data.getHost(), data.getPort());
  }

  private static void end(Child child) throws InterruptedException {
    child.terminate();
    assertThat(child.status()).as(child.err().toString()).isZero();
  }

  private long number(String query) throws Exception {
    String url = "jdbc:sqlite:" + directory.resolve("ledger").resolve("ledger.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
