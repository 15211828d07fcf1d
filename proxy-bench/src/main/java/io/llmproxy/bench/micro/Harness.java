package io.llmproxy.bench.micro;

import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs one measurement after another, each in a JVM of its own.
///
/// @param seconds how long each is measured; it is warmed up as long before, or longer
/// @param flags of those JVMs
record Harness(int seconds, List<String> flags) {

  /// In less, a busy core has not compiled what is measured.
  private static final int WARM_UP_SECONDS = 5;

  Harness {
    if (seconds < 1) {
      throw new IllegalArgumentException("seconds: " + seconds + " (expected: at least 1)");
    }
    flags = List.copyOf(flags);
  }

  /// What one event of `kind` costs on `path`.
  Reading event(ReplyPath path, EventKind kind) throws RunnerException {
    return read(options(EventBench.class).param("path", path.name()).param("kind", kind.name()));
  }

  /// What a body of at least `bytes` costs on `path`.
  Reading body(RequestPath path, int bytes) throws RunnerException {
    return read(
        options(BodyBench.class)
            .param("path", path.name())
            .param("bytes", Integer.toString(bytes)));
  }

  /// What it costs to admit and settle a request, with a ledger or without.
  Reading admission(boolean ledger) throws RunnerException {
    return read(options(AdmissionBench.class).param("ledger", Boolean.toString(ledger)));
  }

  /// What it costs to find one of `keys` keys.
  Reading lookup(int keys) throws RunnerException {
    return read(options(KeysBench.class).param("keys", Integer.toString(keys)));
  }

  private ChainedOptionsBuilder options(Class<?> bench) {
    return new OptionsBuilder()
        .include("^" + bench.getName().replace(".", "\\.") + "\\.")
        .forks(1)
        .jvmArgs(flags.toArray(String[]::new))
        .warmupIterations(Math.max(WARM_UP_SECONDS, seconds))
        .warmupTime(TimeValue.seconds(1))
        .measurementIterations(seconds)
        .measurementTime(TimeValue.seconds(1))
        .addProfiler(GCProfiler.class)
        .addProfiler(CpuTime.class)
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true);
  }

  private static Reading read(ChainedOptionsBuilder options) throws RunnerException {
    return Reading.of(new Runner(options.build()).runSingle());
  }
}
