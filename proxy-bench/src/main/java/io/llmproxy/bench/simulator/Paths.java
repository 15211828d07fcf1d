package io.llmproxy.bench.simulator;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which provider and operation a path means on one port.
///
/// A port with a home serves one provider under its own base path. A port without serves all five,
/// each under its name (`/groq/openai/v1/chat/completions`), and by bare paths those whose paths
/// are their own: `/v1/messages` Anthropic, `/api/paas/v4` GLM, other `/v1` OpenAI.
final class Paths {

  enum Operation {
    CHAT,
    RESPONSES,
    COUNT_TOKENS,
    EMBEDDINGS,
    MODELS
  }

  record Place(SimulatedProvider provider, Operation operation) {}

  private final Map<String, Place> places = new HashMap<>();
  private final SimulatedProvider unknownGoTo;

  Paths(@Nullable SimulatedProvider home) {
    unknownGoTo = home == null ? SimulatedProvider.OPENAI : home;
    if (home != null) {
      add("", home);
      return;
    }
    add("", SimulatedProvider.GLM);
    add("", SimulatedProvider.ANTHROPIC);
    add("", SimulatedProvider.OPENAI);
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      add("/" + provider.key(), provider);
    }
  }

  private void add(String prefix, SimulatedProvider provider) {
    String base = prefix + provider.basePath();
    if (provider == SimulatedProvider.ANTHROPIC) {
      places.put(base + "/v1/messages", new Place(provider, Operation.CHAT));
      places.put(base + "/v1/messages/count_tokens", new Place(provider, Operation.COUNT_TOKENS));
      places.put(base + "/v1/models", new Place(provider, Operation.MODELS));
      return;
    }
    places.put(base + "/chat/completions", new Place(provider, Operation.CHAT));
    if (provider == SimulatedProvider.OPENAI || provider == SimulatedProvider.GROK) {
      places.put(base + "/responses", new Place(provider, Operation.RESPONSES));
    }
    places.put(base + "/embeddings", new Place(provider, Operation.EMBEDDINGS));
    places.put(base + "/models", new Place(provider, Operation.MODELS));
  }

  /// The provider whose words refuse an unknown path.
  SimulatedProvider unknownGoTo() {
    return unknownGoTo;
  }

  @Nullable Place find(String path) {
    int query = path.indexOf('?');
    return places.get(query < 0 ? path : path.substring(0, query));
  }
}
