package io.llmproxy.bench.micro;

import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.llmproxy.proxy.admission.Admission;
import io.llmproxy.proxy.admission.Allowances;
import io.llmproxy.proxy.admission.Client;
import io.llmproxy.proxy.admission.Demand;
import io.llmproxy.proxy.admission.Denial;
import io.llmproxy.proxy.admission.Reservation;
import io.llmproxy.proxy.admission.Share;
import io.llmproxy.proxy.budget.PeriodClock;
import io.llmproxy.proxy.config.BudgetSettings;
import io.llmproxy.proxy.config.LedgerSettings;
import io.llmproxy.proxy.config.LedgerSettings.Durability;
import io.llmproxy.proxy.config.LedgerSettings.OnCrash;
import io.llmproxy.proxy.config.LoadResult;
import io.llmproxy.proxy.config.RateSettings;
import io.llmproxy.proxy.config.Settings;
import io.llmproxy.proxy.config.SettingsLoader;
import io.llmproxy.proxy.ledger.Ledger;
import io.llmproxy.proxy.ledger.Outcome;
import io.llmproxy.proxy.ledger.Spent;
import io.llmproxy.proxy.route.Routes;
import io.llmproxy.proxy.route.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What it costs to admit one request, to set aside all that it needs of every limit and budget
/// there can be, and to settle it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, then calls setUp
public class AdmissionBench {

  private static final String YAML =
      """
      llmproxy:
        listen_addr: "127.0.0.1:0"
        rate_limits:
          requests_per_minute: 1000000000
          tokens_per_minute: 1000000000
          concurrent_requests: 1000
          total: {requests_per_minute: 1000000000, tokens_per_minute: 1000000000, concurrent_requests: 1000}
        cost_budget: {hourly_limit: 900000000, daily_limit: 900000000, monthly_limit: 900000000}
        providers:
          one:
            type: openai
            base_url: "http://127.0.0.1:1"
            rate_limits: {requests_per_minute: 1000000000, tokens_per_minute: 1000000000, concurrent_requests: 1000}
            cost_budget: {hourly_limit: 900000000, daily_limit: 900000000, monthly_limit: 900000000}
            models:
              - name: m
                price: {input: 0.001, output: 0.001}
                rate_limits: {requests_per_minute: 1000000000, tokens_per_minute: 1000000000, concurrent_requests: 1000}
      """;

  private static final long MOST = 900_000_000_000_000_000L;
  private static final BudgetSettings BUDGET = new BudgetSettings(MOST, MOST, MOST);

  /// In a row: their records are no more than the ledger takes at a time.
  static final int REQUESTS = 1_000;

  private static final Demand DEMAND = new Demand(2, 10, 3, 1, true, false);
  private static final Usage USAGE = Usage.NONE.plusInput(2).plusOutput(3);

  @Param({"false", "true"})
  public boolean ledger;

  private @Nullable Ledger kept;
  private Admission admission;
  private Target target;
  private Path directory;

  @Setup
  public void setUp() throws IOException {
    directory = Files.createTempDirectory("llmproxy-bench");
    Path file = Files.writeString(directory.resolve("llmproxy.yaml"), YAML);
    Settings settings =
        switch (SettingsLoader.load(file, Map.of())) {
          case LoadResult.Loaded(Settings loaded) -> loaded;
          case LoadResult.Refused(var problems) ->
              throw new IllegalStateException(problems.toString());
        };
    if (ledger) {
      kept =
          Ledger.open(
              new LedgerSettings(
                  directory.resolve("ledger"), Durability.BATCHED, OnCrash.ESTIMATE, null),
              1);
    }
    PeriodClock clock = new PeriodClock(System::nanoTime, System.currentTimeMillis(), 0);
    Allowances allowances = new Allowances(settings, clock, Spent.NONE);
    admission = new Admission(allowances, kept == null ? null : kept.lane(0), false);
    Routes routes =
        new Routes(settings.providers(), settings.routes(), settings.retry(), settings.prices());
    target = Objects.requireNonNull(routes.find("one/m")).first();
  }

  @TearDown
  public void tearDown() {
    if (kept != null) {
      kept.close();
    }
  }

  /// Waits until the ledger has written what came before: it refuses what is faster than the disk,
  /// and that is not what is measured.
  @Setup(Level.Invocation)
  public void rest() {
    while (kept != null && kept.queued() > 0) {
      LockSupport.parkNanos(100_000);
    }
  }

  /// Four times three limits and nine budgets, taken and corrected.
  @Benchmark
  @OperationsPerInvocation(REQUESTS)
  public long admit(OwnHeap heap) {
    long before = heap.now();
    for (int i = 0; i < REQUESTS; i++) {
      Client client = admission.allowances().key("alice", RateSettings.NONE, BUDGET);
      Reservation reservation = admission.reservation(client, "request", DEMAND);
      switch (reservation.attempt(target, System.nanoTime())) {
        case Share share -> share.settle(USAGE, UsageSource.REPORTED, 5, Outcome.COMPLETED);
        case Denial denial -> throw new IllegalStateException(denial.toString());
      }
      reservation.end();
    }
    heap.bytes += heap.now() - before;
    heap.operations += REQUESTS;
    return heap.operations;
  }
}
