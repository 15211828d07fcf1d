package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.LoadClient;
import io.llmproxy.bench.load.LoadPlan.Target;
import io.llmproxy.bench.load.LoadRun;
import io.llmproxy.bench.load.LoadTotals;
import java.io.IOException;
import java.time.Duration;

/// Runs a load until a proxy's cost no longer falls: a JVM compiles what is hot while it runs, and
/// its first 60,000 requests cost several times the later ones.
///
/// @param leastRequests the shortest warm-up under small requests
record Warmup(LoadClient client, LoadPlans plans, long leastRequests) {
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final double STEADY = 0.05;
  private static final int MAX_SMALL_STEPS = 12;
  private static final int MAX_STREAM_STEPS = 5;
  private static final Duration FINISH = Duration.ofSeconds(15);

  /// What the last second cost, and after how many seconds.
  ///
  /// @param steady whether it cost about as much as the second before, with enough requests done
  record Warmed(double microsPerUnit, int seconds, boolean steady) {}

  /// A second of a load, for what has nothing to compile.
  Warmed once(Load load, Target target, LinuxProcess proxy)
      throws IOException, InterruptedException {
    return warm(load, target, proxy, 1);
  }

  Warmed warm(Load load, Target target, LinuxProcess proxy)
      throws IOException, InterruptedException {
    return warm(load, target, proxy, load == Load.SMALL ? MAX_SMALL_STEPS : MAX_STREAM_STEPS);
  }

  private Warmed warm(Load load, Target target, LinuxProcess proxy, int maxSteps)
      throws IOException, InterruptedException {
    try (LoadRun run = client.start(plans.plan(load, target))) {
      Thread.sleep(plans.ramp(load));
      double last = Double.MAX_VALUE;
      for (int step = 1; ; step++) {
        double now = step(load, run, proxy);
        boolean steady = Math.abs(now - last) < STEADY * last && enough(load, run);
        if (steady || step == maxSteps) {
          check(run);
          return new Warmed(now, step, steady);
        }
        last = now;
      }
    }
  }

  private static double step(Load load, LoadRun run, LinuxProcess proxy)
      throws IOException, InterruptedException {
    LoadTotals before = run.totals();
    CpuReading cpu = proxy.cpu();
    Thread.sleep(STEP);
    double micros = cpu.nanosUntil(proxy.cpu()) / 1e3;
    long units = Math.max(1, units(load, run.totals()) - units(load, before));
    return micros / units;
  }

  private static long units(Load load, LoadTotals totals) {
    return load == Load.SMALL ? totals.completed() : totals.events();
  }

  private boolean enough(Load load, LoadRun run) {
    return load != Load.SMALL || run.totals().completed() >= leastRequests;
  }

  private static void check(LoadRun run) throws IOException, InterruptedException {
    boolean finished = run.finish(FINISH);
    LoadTotals totals = run.totals();
    if (totals.failed() > 0 || !finished) {
      throw new IOException(
          "warm-up: %d failed, %d unfinished, first failure: %s"
              .formatted(totals.failed(), totals.inFlight(), totals.firstFailure()));
    }
  }
}
