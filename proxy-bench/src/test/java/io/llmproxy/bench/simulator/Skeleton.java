package io.llmproxy.bench.simulator;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The form of JSON without its values: two records of one make have the same.
final class Skeleton {

  private Skeleton() {}

  static String of(String json) {
    return json.replaceAll(":\\s*\"(\\\\.|[^\"\\\\])*\"", ":\"\"")
        .replaceAll(":\\s*-?[0-9][0-9.eE+-]*", ":0")
        .replaceAll("\\s+}", "}");
  }

  /// The skeletons of a stream's records, each once, in the order of their first appearance.
  static Set<String> ofStream(String stream) {
    List<String> data = Asker.data(stream);
    Set<String> skeletons = new LinkedHashSet<>();
    data.forEach(record -> skeletons.add(of(record)));
    return skeletons;
  }
}
