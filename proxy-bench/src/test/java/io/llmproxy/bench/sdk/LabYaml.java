package io.llmproxy.bench.sdk;

import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.Simulators;
import java.util.EnumMap;
import java.util.Map;

/// The text of a configuration that sends each provider's models to its simulation.
final class LabYaml {

  /// A model of each provider that its configuration lists.
  static final Map<SimulatedProvider, String> LISTED =
      Map.of(
          SimulatedProvider.ANTHROPIC, "claude-sonnet-4",
          SimulatedProvider.OPENAI, "gpt-6.1-terra",
          SimulatedProvider.GLM, "glm-5.3",
          SimulatedProvider.GROQ, "openai-gpt-oss-120b",
          SimulatedProvider.GROK, "grok-5");

  private final StringBuilder top = new StringBuilder();
  private final Map<SimulatedProvider, StringBuilder> providers =
      new EnumMap<>(SimulatedProvider.class);

  private LabYaml() {}

  static LabYaml before(Simulators simulators) {
    LabYaml yaml = new LabYaml();
    yaml.top("listen_addr: \"127.0.0.1:0\"");
    yaml.top("admin: {listen_addr: \"127.0.0.1:0\"}");
    yaml.top("event_loops: 1");
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      StringBuilder text =
          new StringBuilder(
              "api_key: \"%s\", base_url: \"%s\", models: [{name: \"%s\"}]"
                  .formatted(key(provider), simulators.baseUrl(provider), LISTED.get(provider)));
      yaml.providers.put(provider, text);
    }
    return yaml;
  }

  /// The key that the proxy shows a provider; a caller must never see it.
  static String key(SimulatedProvider provider) {
    return "PROVIDERSECRET-" + provider.key() + ".abcdefghijklmnopqrstuvwxyz012345";
  }

  /// Adds lines that stand directly under the root key.
  LabYaml top(String lines) {
    lines.lines().forEach(line -> top.append("  ").append(line).append('\n'));
    return this;
  }

  /// Adds a field to the settings of each provider.
  LabYaml eachProvider(String field) {
    providers.values().forEach(text -> text.append(", ").append(field));
    return this;
  }

  /// Replaces what is said of one provider.
  LabYaml provider(SimulatedProvider provider, String fields) {
    providers.put(provider, new StringBuilder(fields));
    return this;
  }

  String text() {
    StringBuilder text = new StringBuilder("llmproxy:\n").append(top).append("  providers:\n");
    providers.forEach(
        (provider, fields) -> text.append("    %s: {%s}\n".formatted(provider.key(), fields)));
    return text.toString();
  }
}
