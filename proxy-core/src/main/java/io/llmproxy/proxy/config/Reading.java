package io.llmproxy.proxy.config;

import java.nio.file.Path;
import java.util.Map;

/// What every value of one file is read with. Relative paths in the file stand against the
/// `directory` it lies in.
record Reading(Findings findings, Map<String, String> environment, Path directory) {

  /// Does not print the environment: it holds the keys.
  @Override
  public String toString() {
    return "Reading[" + directory + "]";
  }
}
