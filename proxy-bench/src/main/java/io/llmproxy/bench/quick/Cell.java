package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.LoadWindow;

/// What one arm did with one load in one round.
sealed interface Cell {

  int round();

  Arm arm();

  Load load();

  /// A window in which every reply was as it should be.
  ///
  /// @param cpuNanos the proxy's, all its threads and processes
  /// @param restNanos of load and simulated provider together
  record Measured(
      int round, Arm arm, Load load, long cpuNanos, long restNanos, Noise noise, LoadWindow window)
      implements Cell {

    long units() {
      return load.units(window);
    }

    double cpuMicrosPerUnit() {
      return cpuNanos / 1e3 / units();
    }

    double restMicrosPerUnit() {
      return restNanos / 1e3 / units();
    }

    double unitsPerSecond() {
      return units() * 1e9 / window.nanos();
    }
  }

  /// A window that says nothing, and why.
  record Voided(int round, Arm arm, Load load, String reason) implements Cell {}

  /// What disturbed the proxy's core.
  ///
  /// @param othersShare of the window, used by anything but the proxy
  /// @param stolenShare of the window, taken by the machine beneath this one
  /// @param waitShare what the proxy's threads waited for a core, summed, by the window's length
  record Noise(double othersShare, double stolenShare, double waitShare) {
    private static final double MAX_OTHERS = 0.20;
    private static final double MAX_STOLEN = 0.02;

    /// A crowded core makes a late proxy find several events in one read, and so look cheap.
    boolean quiet() {
      return othersShare <= MAX_OTHERS && stolenShare <= MAX_STOLEN;
    }
  }
}
