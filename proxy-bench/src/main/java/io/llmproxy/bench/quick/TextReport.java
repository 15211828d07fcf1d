package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.Quantiles;
import io.llmproxy.bench.quick.Cell.Measured;
import io.llmproxy.bench.quick.Cell.Voided;
import io.llmproxy.bench.quick.Statistics.Pair;
import io.llmproxy.bench.quick.Statistics.Spread;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// A quick comparison for people: a table and bars per load, then the ratios.
final class TextReport {
  private static final int BAR_CHARACTERS = 40;
  private static final String ROW = "  %-11s %-26s %-5s %10.0f %9.0f %9.0f %8.2f%n";

  private final QuickResult result;
  private final Formatter out = new Formatter(Locale.ROOT);

  private TextReport(QuickResult result) {
    this.result = result;
  }

  static String of(QuickResult result) {
    TextReport report = new TextReport(result);
    report.head();
    for (Load load : Load.values()) {
      report.table(load);
    }
    report.ratios();
    return report.out.toString();
  }

  private void head() {
    QuickOptions options = result.options();
    Machine machine = result.machine();
    out.format("llmproxy bench quick: CPU time of the proxy's processes, user and system%n");
    out.format(
        "%d rounds of %.1f s windows, arms interleaved; revision %s%n",
        options.rounds(), options.window().toMillis() / 1e3, machine.revision());
    out.format(
        "%s, %d cores, %s, %s%n", machine.cpu(), machine.cores(), machine.kernel(), machine.jvm());
    out.format("proxy flags: %s%n", String.join(" ", options.flags()));
    result.versions().forEach((arm, version) -> out.format("  %-11s %s%n", arm.id(), version));
    result.notRun().forEach((arm, why) -> out.format("  %-11s not run: %s%n", arm.id(), why));
    remarks();
    out.format(
        "cells: median [min–max] over rounds; quiet: rounds in which others used at most 20 %% of%n");
    out.format(
        "the proxy's core; rest: CPU time of load and simulated provider together, same unit%n");
  }

  private void remarks() {
    result.remarks().forEach(remark -> out.format("  remark: %s%n", remark));
    QuickResult.Quiet quiet = result.quiet();
    if (quiet.quiet() * 2 < quiet.all()) {
      out.format(
          "  remark: the machine was busy, %d of %d windows were quiet: figures are indicative%n",
          quiet.quiet(), quiet.all());
    }
  }

  private void table(Load load) {
    out.format("%n");
    out.format("%s%n", title(load));
    out.format(
        "  %-11s %-26s %-5s %10s %9s %9s %8s%n",
        "arm",
        "CPU µs/" + load.unit(),
        "quiet",
        load.unit() + "s/s",
        "p50 µs",
        "p99 µs",
        "rest µs");
    result.direct().stream().filter(direct -> direct.load() == load).forEach(this::directRow);
    for (Arm arm : result.versions().keySet()) {
      row(arm, load);
    }
    bars(load);
  }

  private void directRow(QuickResult.Direct direct) {
    Quantiles delay = direct.load().delay(direct.window());
    out.format(
        ROW,
        direct.name(),
        "no proxy",
        "",
        direct.unitsPerSecond(),
        delay.p50() / 1e3,
        delay.p99() / 1e3,
        direct.restMicrosPerUnit());
  }

  private String title(Load load) {
    if (load != Load.PACED) {
      return load.title();
    }
    return "%s, %d in flight at %d events/s; delay: provider's stamp to client"
        .formatted(load.title(), result.options().streams(), result.options().rate());
  }

  private void row(Arm arm, Load load) {
    List<Voided> voided = result.voided(arm, load).toList();
    List<Measured> cells = result.measured(arm, load).toList();
    // One flawed round voids the arm's cell: what it would have cost in full is not known.
    if (!voided.isEmpty()) {
      out.format(
          "  %-11s VOID in %d of %d rounds: %s%n",
          arm.id(), voided.size(), voided.size() + cells.size(), voided.getFirst().reason());
      return;
    }
    if (cells.isEmpty()) {
      return;
    }
    long quiet = cells.stream().filter(cell -> cell.noise().quiet()).count();
    out.format(
        ROW,
        arm.id(),
        text(spread(cells, Measured::cpuMicrosPerUnit)),
        quiet + "/" + cells.size(),
        median(cells, Measured::unitsPerSecond),
        median(cells, cell -> delay(cell).p50() / 1e3),
        median(cells, cell -> delay(cell).p99() / 1e3),
        median(cells, Measured::restMicrosPerUnit));
  }

  private static Quantiles delay(Measured cell) {
    return cell.load().delay(cell.window());
  }

  private void bars(Load load) {
    List<Arm> arms = result.versions().keySet().stream().filter(arm -> sound(arm, load)).toList();
    double most = arms.stream().mapToDouble(arm -> medianCpu(arm, load)).max().orElse(1);
    out.format("%n");
    for (Arm arm : arms) {
      double micros = medianCpu(arm, load);
      int length = Math.max(1, (int) Math.round(BAR_CHARACTERS * micros / most));
      out.format("  %-11s %s %.2f%n", arm.id(), "█".repeat(length), micros);
    }
  }

  private boolean sound(Arm arm, Load load) {
    return result.voided(arm, load).findAny().isEmpty()
        && result.measured(arm, load).findAny().isPresent();
  }

  private double medianCpu(Arm arm, Load load) {
    return median(result.measured(arm, load).toList(), Measured::cpuMicrosPerUnit);
  }

  private void ratios() {
    List<String> lines = new ArrayList<>();
    for (Load load : Load.values()) {
      for (Arm ours : result.versions().keySet()) {
        for (Arm peer : result.versions().keySet()) {
          if (ours.isComparedWith(peer)) {
            ratio(load, ours, peer).ifPresent(lines::add);
          }
        }
      }
    }
    if (lines.isEmpty()) {
      return;
    }
    out.format("%n");
    out.format(
        "CPU time, ours / peer within each round (below 1: ours costs less; policed: keys, limits, budgets and ledger on)%n");
    lines.forEach(each -> out.format("%s%n", each));
  }

  private Optional<String> ratio(Load load, Arm ours, Arm peer) {
    if (!sound(ours, load) || !sound(peer, load)) {
      return Optional.empty();
    }
    Spread all = Statistics.pairedRatio(result.pairs(ours, peer, load, false));
    List<Pair> quiet = result.pairs(ours, peer, load, true).toList();
    String inQuiet =
        quiet.isEmpty() || quiet.size() == all.count()
            ? ""
            : "   quiet: %s (%d)"
                .formatted(text(Statistics.pairedRatio(quiet.stream())), quiet.size());
    return Optional.of(
        "  %-8s %-8s / %-11s %s (%d rounds)%s"
            .formatted(load.id(), ours.id(), peer.id(), text(all), all.count(), inQuiet));
  }

  private static double median(List<Measured> cells, ToDoubleFunction<Measured> figure) {
    return spread(cells, figure).median();
  }

  private static Spread spread(List<Measured> cells, ToDoubleFunction<Measured> figure) {
    return Statistics.spread(cells.stream().map(figure::applyAsDouble).toList());
  }

  private static String text(Spread spread) {
    return String.format(
        Locale.ROOT, "%.2f [%.2f–%.2f]", spread.median(), spread.min(), spread.max());
  }
}
