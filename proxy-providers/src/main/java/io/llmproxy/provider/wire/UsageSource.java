package io.llmproxy.provider.wire;

/// Where the figures of a [Usage] come from.
public enum UsageSource {
  /// The provider said them, at the end of its reply.
  REPORTED,
  /// The provider said some of them before its reply was cut short; the rest is estimated.
  PARTIAL,
  /// None came from the provider.
  ESTIMATED
}
