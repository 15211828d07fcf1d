package io.llmproxy.client;

import io.llmproxy.provider.wire.Usage;
import java.util.List;

/// A whole answer.
///
/// @param finish why it ended, in the dialect's own word, such as `stop` or `end_turn`
/// @param usage [Usage#NONE] where the provider did not say
/// @param json the body as it came, in which everything else stands
public record ChatAnswer(
    String text,
    String reasoning,
    List<ToolCall> calls,
    String finish,
    Usage usage,
    String json,
    ReplyInfo info) {

  public ChatAnswer {
    calls = List.copyOf(calls);
  }
}
