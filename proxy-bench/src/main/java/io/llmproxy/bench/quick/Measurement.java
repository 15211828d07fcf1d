package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.LoadClient;
import io.llmproxy.bench.load.LoadPlan;
import io.llmproxy.bench.load.LoadPlan.Protocol;
import io.llmproxy.bench.load.LoadPlan.Target;
import io.llmproxy.bench.load.LoadRun;
import io.llmproxy.bench.load.LoadTotals;
import io.llmproxy.bench.load.LoadWindow;
import io.llmproxy.bench.quick.Cell.Measured;
import io.llmproxy.bench.quick.Cell.Noise;
import io.llmproxy.bench.quick.Cell.Voided;
import io.llmproxy.bench.quick.ProcText.CoreTime;
import io.llmproxy.bench.quick.QuickResult.Direct;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// Puts one arm under one load and reads what it cost.
///
/// @param rest the load's and the simulated provider's process
record Measurement(LoadClient client, LoadPlans plans, Cores cores, LinuxProcess rest) {
  private static final Duration SETTLE = Duration.ofMillis(250);
  private static final Duration FINISH = Duration.ofSeconds(15);

  /// Where a cell belongs.
  record Place(int round, Arm arm, Load load) {}

  Cell measure(Place place, ProxyUnderTest proxy) throws InterruptedException {
    Target target = new Target(proxy.address(), place.arm().downstream());
    LoadPlan plan = plans.plan(place.load(), target);
    try (LoadRun run = client.start(plan)) {
      Thread.sleep(plan.ramp().plus(SETTLE));
      Measured measured = window(place, proxy, run);
      Optional<String> flaw = flaw(run, measured.units());
      return flaw.<Cell>map(reason -> new Voided(place.round(), place.arm(), place.load(), reason))
          .orElse(measured);
    } catch (IOException failure) {
      return new Voided(
          place.round(), place.arm(), place.load(), String.valueOf(failure.getMessage()));
    }
  }

  /// Load and provider alone.
  Direct direct(Load load, Target provider) throws IOException, InterruptedException {
    LoadPlan plan = plans.plan(load, provider);
    try (LoadRun run = client.start(plan)) {
      Thread.sleep(plan.ramp().plus(SETTLE));
      CpuReading before = rest.cpuAlone();
      run.beginWindow();
      Thread.sleep(plans.options().window());
      LoadWindow window = run.endWindow();
      long restNanos = before.nanosUntil(rest.cpuAlone());
      Optional<String> flaw = flaw(run, load.units(window));
      if (flaw.isPresent()) {
        throw new IOException("without a proxy: " + flaw.get());
      }
      String name = provider.protocol() == Protocol.H2C ? "direct-h2" : "direct";
      return new Direct(name, load, restNanos, window);
    }
  }

  private Measured window(Place place, ProxyUnderTest proxy, LoadRun run)
      throws IOException, InterruptedException {
    CpuReading restBefore = rest.cpuAlone();
    CoreTime coreBefore = LinuxProcess.core(cores.proxy());
    CpuReading before = proxy.process().cpu();
    run.beginWindow();
    Thread.sleep(plans.options().window());
    LoadWindow window = run.endWindow();
    CpuReading after = proxy.process().cpu();
    long cpuNanos = before.nanosUntil(after);
    CoreTime core = LinuxProcess.core(cores.proxy());
    long others = core.busyNanos() - coreBefore.busyNanos() - cpuNanos;
    long stolen = core.stolenNanos() - coreBefore.stolenNanos();
    double nanos = window.nanos();
    return new Measured(
        place.round(),
        place.arm(),
        place.load(),
        cpuNanos,
        restBefore.nanosUntil(rest.cpuAlone()),
        new Noise(
            Math.max(0, others) / nanos, stolen / nanos, before.waitNanosUntil(after) / nanos),
        window);
  }

  private static Optional<String> flaw(LoadRun run, long units) throws InterruptedException {
    boolean finished = run.finish(FINISH);
    LoadTotals totals = run.totals();
    if (totals.failed() > 0) {
      return Optional.of(totals.failed() + " failed, first: " + totals.firstFailure());
    }
    if (!finished) {
      return Optional.of(
          totals.inFlight() + " replies did not end within " + FINISH.toSeconds() + " s");
    }
    return units == 0 ? Optional.of("nothing arrived") : Optional.empty();
  }
}
