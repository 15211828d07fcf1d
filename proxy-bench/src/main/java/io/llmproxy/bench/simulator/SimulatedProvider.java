package io.llmproxy.bench.simulator;

import java.util.Locale;

/// A provider that is stood in for: its name and the path its base URL ends in.
public enum SimulatedProvider {
  ANTHROPIC(""),
  OPENAI("/v1"),
  GLM("/api/paas/v4"),
  GROQ("/openai/v1"),
  GROK("/v1");

  private final String basePath;

  SimulatedProvider(String basePath) {
    this.basePath = basePath;
  }

  /// What stands between the host and the dialect's own path, as in the real provider's base URL.
  public String basePath() {
    return basePath;
  }

  /// The name a configuration calls it by.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  Shape shape() {
    return Shapes.of(this);
  }
}
