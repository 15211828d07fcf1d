package io.llmproxy.provider.resume;

import java.util.List;

/// One step of an answer, as a record of its stream tells it.
sealed interface Step {

  /// More of a text: of the answer, of its reasoning, of a call's arguments.
  ///
  /// @param channel which text
  /// @param leaf where the piece stands in the record's data
  record Text(String channel, Leaf leaf) implements Step {}

  /// Something that happens once, such as the begin of a call. Two are the same by their names.
  ///
  /// @param leaves texts of the record that must not be told twice
  record Mark(String name, List<Leaf> leaves) implements Step {}
}
