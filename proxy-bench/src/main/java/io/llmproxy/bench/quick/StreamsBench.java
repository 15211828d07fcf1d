package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.Expectation;
import io.llmproxy.bench.load.LoadClient;
import io.llmproxy.bench.load.LoadPlan;
import io.llmproxy.bench.load.LoadPlan.Target;
import io.llmproxy.bench.load.LoadRun;
import io.llmproxy.bench.load.LoadTotals;
import io.llmproxy.bench.load.LoadWindow;
import io.llmproxy.bench.load.RequestTemplate;
import io.llmproxy.bench.quick.LinuxProcess.Memory;
import io.llmproxy.bench.quick.StreamsResult.Cpu;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Runs many streams through one proxy, each once, and watches it meanwhile.
final class StreamsBench {
  private static final LinuxProcess SELF = new LinuxProcess(ProcessHandle.current());
  private static final int EVENT_LOOPS = 2;
  private static final int WARM_EVENTS = 20;
  private static final int WARM_RATE = 100;
  private static final int WARM_CONNECTIONS = 40;
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration TICK = Duration.ofMillis(2);
  private static final Duration REST = Duration.ofSeconds(3);
  private static final long SAMPLE_MILLIS = 1_000;

  private final StreamsOptions options;
  private final PrintStream progress;

  StreamsBench(StreamsOptions options, PrintStream progress) {
    this.options = options;
    this.progress = progress;
  }

  StreamsResult run() throws IOException, InterruptedException {
    String model = BenchRequests.streamModel(options.events(), options.rate());
    String warmModel = BenchRequests.streamModel(WARM_EVENTS, WARM_RATE);
    try (Children children = new Children();
        BenchProvider provider = BenchProvider.start(TICK);
        LoadClient client = new LoadClient()) {
      OwnProxy own = new OwnProxy(children, provider.address(), options.flags());
      OwnProxy.Setup setup =
          new OwnProxy.Setup(
              "proxy", options.protocol(), EVENT_LOOPS, false, false, List.of(model, warmModel));
      ProxyUnderTest proxy = own.start(setup, own.command(setup));
      progress.println(proxy.version() + " at " + proxy.address());
      int around = framing(provider, warmModel);
      Target target = new Target(proxy.address(), options.protocol());
      warm(client, target, warmModel, WARM_EVENTS + around);
      return measure(client, plan(target, model, options.events() + around), proxy);
    }
  }

  /// How many events a stream has besides those with content.
  private static int framing(BenchProvider provider, String model)
      throws IOException, InterruptedException {
    byte[] reply = DirectReplies.ask(provider.address(), BenchRequests.stream(model));
    return DirectReplies.events(reply, WARM_EVENTS) - WARM_EVENTS;
  }

  /// A few thousand short streams, so that the first long ones do not meet cold code.
  private void warm(LoadClient client, Target target, String model, int events)
      throws IOException, InterruptedException {
    int perConnection = Math.min(8, options.streamsPerConnection());
    LoadPlan plan =
        new LoadPlan(
            target,
            Math.min(WARM_CONNECTIONS, options.connections()),
            perConnection,
            Duration.ZERO,
            true,
            request(target, model),
            Expectation.stream(events, ""));
    try (LoadRun run = client.start(plan)) {
      Thread.sleep(WARM_UP);
      boolean finished = run.finish(options.length());
      LoadTotals totals = run.totals();
      progress.printf(Locale.ROOT, "warmed with %d short streams%n", totals.completed());
      if (totals.failed() > 0 || !finished) {
        throw new IOException("warm-up failed: " + totals);
      }
    }
  }

  private LoadPlan plan(Target target, String model, int events) {
    return new LoadPlan(
        target,
        options.connections(),
        options.streamsPerConnection(),
        options.ramp(),
        false,
        request(target, model),
        Expectation.stream(events, BenchRequests.STAMP_MARK));
  }

  private static RequestTemplate request(Target target, String model) {
    return BenchRequests.stream(model).to(BenchRequests.authority(target.address()));
  }

  private StreamsResult measure(LoadClient client, LoadPlan plan, ProxyUnderTest proxy)
      throws IOException, InterruptedException {
    Memory before = proxy.process().memory();
    CpuReading cpu = proxy.process().cpu();
    CpuReading rest = SELF.cpuAlone();
    LoadTotals totals;
    LoadWindow window;
    Memory during;
    try (LoadRun run = client.start(plan)) {
      run.beginWindow();
      during = watch(run, proxy, before);
      window = run.endWindow();
      totals = run.totals();
    }
    CpuReading cpuAfter = proxy.process().cpu();
    Cpu used =
        new Cpu(
            cpu.nanosUntil(cpuAfter),
            cpu.waitNanosUntil(cpuAfter),
            rest.waitNanosUntil(SELF.cpuAlone()));
    Thread.sleep(REST);
    return new StreamsResult(
        options, proxy.version(), totals, window, used, before, during, proxy.process().memory());
  }

  /// Waits for every stream, but no longer than a stream and a generous margin; gives the most
  /// memory seen.
  private Memory watch(LoadRun run, ProxyUnderTest proxy, Memory before)
      throws IOException, InterruptedException {
    long deadline =
        System.nanoTime()
            + options.ramp().plus(options.length()).multipliedBy(2).plusSeconds(10).toNanos();
    Memory most = before;
    while (System.nanoTime() - deadline < 0) {
      Thread.sleep(SAMPLE_MILLIS);
      Memory now = proxy.process().memory();
      most = now.residentKib() > most.residentKib() ? now : most;
      LoadTotals totals = run.totals();
      progress.printf(
          Locale.ROOT,
          "%d in flight, %d completed, %d failed, %d events, RSS %d MiB%n",
          totals.inFlight(),
          totals.completed(),
          totals.failed(),
          totals.events(),
          now.residentKib() / 1024);
      if (totals.completed() + totals.failed() == options.streams()) {
        break;
      }
    }
    return most;
  }
}
