package io.llmproxy.provider.wire;

/// The wire shape of an API: what a caller speaks to us, and what we speak to a provider.
public enum Dialect {
  /// OpenAI Chat Completions; also GLM, Groq and Grok.
  OPENAI_CHAT,
  /// OpenAI Responses.
  OPENAI_RESPONSES,
  /// Anthropic Messages.
  ANTHROPIC_MESSAGES
}
