package io.llmproxy.provider.price;

/// How urgently a provider served a request, as far as that changes its price.
public enum ServiceTier {
  STANDARD,
  BATCH,
  FLEX,
  PRIORITY;

  /// The tier that a provider names in its reply, or a caller in its request. Names that change no
  /// price, such as `default`, `auto`, `on_demand` or any that is not known, are [#STANDARD].
  public static ServiceTier of(String name) {
    return switch (name) {
      case "batch" -> BATCH;
      case "flex" -> FLEX;
      // What OpenAI is asked for as fast it echoes as priority.
      case "priority", "fast" -> PRIORITY;
      default -> STANDARD;
    };
  }
}
