package io.llmproxy.bench.faults;

/// How the runs of one case in one dialect went.
///
/// @param failure why the first that failed did; empty if none did
public record Cell(FaultCase fault, AskedDialect dialect, int passed, int runs, String failure) {

  public boolean isGood() {
    return passed == runs;
  }
}
