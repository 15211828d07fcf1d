package io.llmproxy.client;

import java.util.List;

/// One turn of a conversation.
///
/// @param text may be empty where there are calls
/// @param calls of an assistant's turn
/// @param toolCallId of a tool's turn: which call it answers; else empty
public record Message(Role role, String text, List<ToolCall> calls, String toolCallId) {

  public Message {
    calls = List.copyOf(calls);
  }

  public static Message system(String text) {
    return new Message(Role.SYSTEM, text, List.of(), "");
  }

  public static Message user(String text) {
    return new Message(Role.USER, text, List.of(), "");
  }

  public static Message assistant(String text) {
    return new Message(Role.ASSISTANT, text, List.of(), "");
  }

  /// The turn in which the model asked for calls.
  public static Message assistant(String text, List<ToolCall> calls) {
    return new Message(Role.ASSISTANT, text, calls, "");
  }

  /// What a call came to.
  public static Message tool(String toolCallId, String result) {
    return new Message(Role.TOOL, result, List.of(), toolCallId);
  }
}
