package io.llmproxy.client;

/// Who speaks in a conversation.
public enum Role {
  SYSTEM("system"),
  USER("user"),
  ASSISTANT("assistant"),
  /// The result of a tool's call.
  TOOL("tool");

  private final String word;

  Role(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }
}
