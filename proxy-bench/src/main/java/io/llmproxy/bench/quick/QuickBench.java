package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.LoadClient;
import io.llmproxy.bench.load.LoadPlan.Protocol;
import io.llmproxy.bench.load.LoadPlan.Target;
import io.llmproxy.bench.quick.Cell.Measured;
import io.llmproxy.bench.quick.Cell.Voided;
import io.llmproxy.bench.quick.QuickResult.Direct;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Runs a quick comparison: starts everything, warms it, goes through the rounds, ends it all.
///
/// Every proxy runs from beginning to end, idle while others are measured, so that a JVM is warmed
/// once; which arm comes first changes from round to round.
final class QuickBench {
  private static final Duration TICK = Duration.ofMillis(1);
  private static final long JVM_WARM_REQUESTS = 60_000;

  private final QuickOptions options;
  private final PrintStream progress;
  private final Cores cores = Cores.firstTwo();
  private final LinuxProcess self = new LinuxProcess(ProcessHandle.current());
  private final Map<Arm, ProxyUnderTest> proxies = new EnumMap<>(Arm.class);
  private final Map<Arm, String> notRun = new EnumMap<>(Arm.class);
  private final List<String> remarks = new ArrayList<>();
  private final long begunNanos = System.nanoTime();

  QuickBench(QuickOptions options, PrintStream progress) {
    this.options = options;
    this.progress = progress;
  }

  QuickResult run() throws IOException, InterruptedException {
    Machine machine = Machine.read();
    say("about " + options.estimate().toSeconds() + " s on an idle machine, longer on a busy one");
    cores.bindSelf();
    try (Children children = new Children();
        BenchProvider provider = BenchProvider.start(TICK);
        LoadClient client = new LoadClient()) {
      LoadPlans plans = new LoadPlans(options, DirectReplies.of(provider.address(), options));
      Measurement measurement = new Measurement(client, plans, cores, self);
      warmDirect(client, plans, provider.address());
      startAll(children, provider.address());
      warmAll(client, plans);
      List<Cell> cells = rounds(measurement);
      List<Direct> direct = direct(measurement, provider.address());
      return new QuickResult(options, machine, versions(), notRun, remarks, direct, cells);
    }
  }

  /// Load and provider are JVMs too.
  private void warmDirect(LoadClient client, LoadPlans plans, InetSocketAddress provider)
      throws IOException, InterruptedException {
    Warmup warmup = new Warmup(client, plans, JVM_WARM_REQUESTS);
    for (Protocol protocol : Protocol.values()) {
      for (Load load : Load.values()) {
        say("load and provider", load, warmup.warm(load, new Target(provider, protocol), self));
      }
    }
  }

  /// Load and provider alone, last, when both are warmest: the ceiling of everything above.
  private List<Direct> direct(Measurement measurement, InetSocketAddress provider)
      throws IOException, InterruptedException {
    List<Direct> direct = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      for (Load load : Load.values()) {
        direct.add(measurement.direct(load, new Target(provider, protocol)));
      }
    }
    return direct;
  }

  private void startAll(Children children, InetSocketAddress provider) throws InterruptedException {
    for (Arm arm : options.arms()) {
      try {
        ProxyUnderTest proxy = start(children, provider, arm);
        proxies.put(arm, proxy);
        say(arm.id() + ": " + proxy.version());
      } catch (IOException failure) {
        leaveOut(arm, failure);
      }
    }
  }

  private ProxyUnderTest start(Children children, InetSocketAddress provider, Arm arm)
      throws IOException, InterruptedException {
    if (!arm.ours()) {
      return new PlainProxies(children, cores, provider).start(arm);
    }
    OwnProxy own = new OwnProxy(children, provider, options.flags());
    OwnProxy.Setup setup =
        new OwnProxy.Setup(
            arm.id(), arm.upstream(), 1, options.log(), arm.policed(), LoadPlans.models(options));
    return own.start(setup, cores.onProxyCore(own.command(setup)));
  }

  private void leaveOut(Arm arm, IOException failure) {
    String reason = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    notRun.put(arm, reason);
    say(arm.id() + ": left out: " + reason);
  }

  private void warmAll(LoadClient client, LoadPlans plans) throws InterruptedException {
    for (Map.Entry<Arm, ProxyUnderTest> entry : List.copyOf(proxies.entrySet())) {
      Arm arm = entry.getKey();
      ProxyUnderTest proxy = entry.getValue();
      Target target = new Target(proxy.address(), arm.downstream());
      try {
        if (arm.ours()) {
          warmJvm(new Warmup(client, plans, JVM_WARM_REQUESTS), arm, proxy);
        } else {
          new Warmup(client, plans, 0).once(Load.SMALL, target, proxy.process());
        }
      } catch (IOException failure) {
        proxies.remove(arm);
        leaveOut(arm, failure);
      }
    }
  }

  private void warmJvm(Warmup warmup, Arm arm, ProxyUnderTest proxy)
      throws IOException, InterruptedException {
    Target target = new Target(proxy.address(), arm.downstream());
    for (Load load : Load.values()) {
      say(arm.id(), load, warmup.warm(load, target, proxy.process()));
    }
  }

  private List<Cell> rounds(Measurement measurement) throws InterruptedException {
    List<Cell> cells = new ArrayList<>();
    for (int round = 1; round <= options.rounds(); round++) {
      List<Arm> order = new ArrayList<>(proxies.keySet());
      Collections.rotate(order, -(round - 1));
      for (Load load : Load.values()) {
        for (Arm arm : order) {
          Cell cell = measure(measurement, new Measurement.Place(round, arm, load));
          cells.add(cell);
          say("round " + round + " of " + options.rounds() + ", " + text(cell));
        }
      }
    }
    return cells;
  }

  private Cell measure(Measurement measurement, Measurement.Place place)
      throws InterruptedException {
    ProxyUnderTest proxy = proxies.get(place.arm());
    return proxy == null
        ? new Voided(place.round(), place.arm(), place.load(), "not running")
        : measurement.measure(place, proxy);
  }

  private static String text(Cell cell) {
    String place = cell.arm().id() + " " + cell.load().id();
    return switch (cell) {
      case Measured measured ->
          place
              + ": "
              + micros(measured.cpuMicrosPerUnit())
              + " µs/"
              + cell.load().unit()
              + (measured.noise().quiet() ? "" : " (others were busy on its core)");
      case Voided voided -> place + ": VOID: " + voided.reason();
    };
  }

  private static String micros(double micros) {
    return String.format(Locale.ROOT, "%.2f", micros);
  }

  private Map<Arm, String> versions() {
    Map<Arm, String> versions = new EnumMap<>(Arm.class);
    proxies.forEach((arm, proxy) -> versions.put(arm, proxy.version()));
    return versions;
  }

  private void say(String what, Load load, Warmup.Warmed warmed) {
    String cost = micros(warmed.microsPerUnit()) + " µs/" + load.unit();
    say(what + " warmed with " + load.id() + " for " + warmed.seconds() + " s: " + cost);
    if (!warmed.steady()) {
      String seconds = " after " + warmed.seconds() + " s of warm-up";
      remarks.add(what + " was not yet steady under " + load.id() + seconds);
    }
  }

  private void say(String text) {
    long seconds = (System.nanoTime() - begunNanos) / 1_000_000_000L;
    progress.printf(Locale.ROOT, "[%3d s] %s%n", seconds, text);
  }
}
