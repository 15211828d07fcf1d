package io.llmproxy.client;

/// What becomes of a stream that breaks after some of its content was delivered.
public enum Resume {
  /// It fails with [LlmException.StreamCut].
  OFF,

  /// It is asked for again, within the budget. What comes is compared, character by character, with
  /// what was delivered, and only what goes beyond is delivered; where it differs, the stream fails
  /// with [LlmException.StreamCut]. Helps where answers repeat: temperature 0, a seed, cached or
  /// templated output.
  AGREED_PREFIX
}
