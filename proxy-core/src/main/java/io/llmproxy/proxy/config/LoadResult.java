package io.llmproxy.proxy.config;

import java.util.List;

/// What became of a configuration file: it holds as a whole, or not at all.
public sealed interface LoadResult {

  /// The file is good; what the user should still know stands in [Settings#warnings()].
  record Loaded(Settings settings) implements LoadResult {}

  /// The file is wrong; every problem found, in the order of the file, never empty.
  record Refused(List<Problem> problems) implements LoadResult {}
}
