package io.llmproxy.client;

import io.llmproxy.provider.wire.Usage;

/// One thing that a stream tells. Where a record tells several, each is an event with the same
/// [#raw].
public sealed interface ChatEvent {

  /// The data of the record that it came in, as it came: JSON, or `[DONE]`.
  String raw();

  /// More of the answer's text.
  record Text(String text, String raw) implements ChatEvent {}

  /// More of the model's reasoning.
  record Reasoning(String text, String raw) implements ChatEvent {}

  /// A piece of a tool's call. The first of each call bears its id and name; the arguments of all
  /// of them together are a JSON object.
  ///
  /// @param index which call of the answer
  record ToolFragment(int index, String id, String name, String arguments, String raw)
      implements ChatEvent {}

  /// Token counts, as far as they are known; the last one counts.
  record UsageTold(Usage usage, String raw) implements ChatEvent {}

  /// Why the answer ends, in the dialect's own word.
  record Finish(String reason, String raw) implements ChatEvent {}

  /// The stream is whole: the last event of each one that succeeds.
  record End(ReplyInfo info, String raw) implements ChatEvent {}

  /// A record that tells none of these.
  record Other(String raw) implements ChatEvent {}

  /// Whether it is a part of the answer itself, which must not be told twice.
  default boolean isContent() {
    return this instanceof Text || this instanceof Reasoning || this instanceof ToolFragment;
  }
}
