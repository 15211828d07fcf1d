package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.LoadWindow;
import io.llmproxy.bench.quick.Cell.Measured;
import io.llmproxy.bench.quick.Statistics.Pair;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Everything a quick comparison saw.
///
/// @param versions by arm, in the order they ran; arms that could not be started are missing
/// @param notRun why an arm is missing
/// @param remarks what makes the figures less sure
/// @param direct what load and provider alone reach, the proxy left out
record QuickResult(
    QuickOptions options,
    Machine machine,
    Map<Arm, String> versions,
    Map<Arm, String> notRun,
    List<String> remarks,
    List<Direct> direct,
    List<Cell> cells) {

  /// Load and simulated provider with nothing between them: the ceiling of any figure here.
  record Direct(String name, Load load, long restNanos, LoadWindow window) {

    double unitsPerSecond() {
      return load.units(window) * 1e9 / window.nanos();
    }

    double restMicrosPerUnit() {
      return restNanos / 1e3 / load.units(window);
    }
  }

  Stream<Measured> measured(Arm arm, Load load) {
    return cells.stream()
        .filter(Measured.class::isInstance)
        .map(Measured.class::cast)
        .filter(cell -> cell.arm() == arm && cell.load() == load);
  }

  Stream<Cell.Voided> voided(Arm arm, Load load) {
    return cells.stream()
        .filter(Cell.Voided.class::isInstance)
        .map(Cell.Voided.class::cast)
        .filter(cell -> cell.arm() == arm && cell.load() == load);
  }

  /// How many windows were measured, and in how many of them the proxy's core was quiet.
  record Quiet(long quiet, long all) {}

  Quiet quiet() {
    List<Measured> all =
        cells.stream().filter(Measured.class::isInstance).map(Measured.class::cast).toList();
    return new Quiet(all.stream().filter(cell -> cell.noise().quiet()).count(), all.size());
  }

  boolean anyVoid() {
    return cells.stream().anyMatch(Cell.Voided.class::isInstance);
  }

  /// CPU time of two arms, round by round; only rounds in which both were measured, and both in
  /// quiet where that is asked for.
  Stream<Pair> pairs(Arm ours, Arm peer, Load load, boolean quietOnly) {
    return measured(ours, load)
        .filter(cell -> !quietOnly || cell.noise().quiet())
        .flatMap(own ->
            of(peer, load, own.round(), quietOnly)
                .map(other -> new Pair(own.cpuMicrosPerUnit(), other.cpuMicrosPerUnit()))
                .stream());
  }

  private Optional<Measured> of(Arm arm, Load load, int round, boolean quietOnly) {
    return measured(arm, load)
        .filter(cell -> cell.round() == round)
        .filter(cell -> !quietOnly || cell.noise().quiet())
        .findFirst();
  }
}
