package io.llmproxy.bench.simulator;

import io.llmproxy.bench.simulator.rules.Asked;
import io.llmproxy.bench.simulator.rules.Endpoint;
import io.llmproxy.bench.simulator.rules.GlmTokenRules;
import io.llmproxy.bench.simulator.rules.Refused;
import io.llmproxy.bench.simulator.rules.RequestRules;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decides whether a request is taken: its key, its head and, where the settings say so, its body.
final class Admission {

  /// Longer bodies are not looked into.
  private static final int MAX_CHECKED = 256 * 1024;

  private static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
  private static final AsciiString API_KEY = AsciiString.cached("x-api-key");
  private static final AsciiString VERSION = AsciiString.cached("anthropic-version");
  private static final AsciiString BETA = AsciiString.cached("anthropic-beta");

  private static final Map<SimulatedProvider, RequestRules> RULES =
      new EnumMap<>(
          Map.of(
              SimulatedProvider.ANTHROPIC, RequestRules.anthropic(),
              SimulatedProvider.OPENAI, RequestRules.openAi(),
              SimulatedProvider.GLM, RequestRules.glm(),
              SimulatedProvider.GROQ, RequestRules.groq(),
              SimulatedProvider.GROK, RequestRules.grok()));

  private final boolean refuses;
  private final GlmTokenRules glmTokens;

  Admission(SimulatorSettings settings) {
    refuses = settings.account().refuses();
    glmTokens = new GlmTokenRules(settings.account().glmKey());
  }

  /// The credential that a request shows; empty if it shows none.
  static String credential(SimulatedProvider provider, Arrival.Fields fields) {
    CharSequence own = fields.get().apply(API_KEY);
    return provider == SimulatedProvider.ANTHROPIC && own != null
        ? own.toString()
        : bearer(fields.get().apply(AUTHORIZATION));
  }

  /// The status that refuses a request's key; 200 if it is taken.
  ///
  /// @throws Refused if the head is refused with words of its own
  int keyStatus(SimulatedProvider provider, Arrival.Fields fields) {
    String key = credential(provider, fields);
    if (key.isBlank()) {
      return 401;
    }
    if (key.contains("invalid")) {
      return provider.shape().wrongKeyStatus();
    }
    if (provider == SimulatedProvider.ANTHROPIC && fields.get().apply(VERSION) == null) {
      throw RequestRules.noVersion();
    }
    if (provider == SimulatedProvider.GLM && refuses) {
      glmTokens.check(key, System.currentTimeMillis());
    }
    return 200;
  }

  private static String bearer(@Nullable CharSequence authorization) {
    String text = authorization == null ? "" : authorization.toString();
    return text.regionMatches(true, 0, "Bearer ", 0, 7) ? text.substring(7) : "";
  }

  /// Checks a whole body by the rules of `model`.
  ///
  /// @throws Refused if the real provider would not take it
  /// @throws IOException if it is no object in JSON
  void checkBody(Paths.Place place, Arrival arrival, byte[] body, int length, String model)
      throws IOException {
    RequestRules rules = RULES.get(place.provider());
    if (!refuses || length > MAX_CHECKED || rules == null) {
      return;
    }
    CharSequence version = arrival.fields.get().apply(VERSION);
    boolean beta = arrival.fields.get().apply(BETA) != null;
    Endpoint endpoint = endpoint(place.operation());
    rules.check(
        body, length, new Asked(endpoint, model, version == null ? "" : version.toString(), beta));
  }

  private static Endpoint endpoint(Paths.Operation operation) {
    return switch (operation) {
      case COUNT_TOKENS -> Endpoint.COUNT_TOKENS;
      case EMBEDDINGS -> Endpoint.EMBEDDINGS;
      case RESPONSES -> Endpoint.RESPONSES;
      case CHAT, MODELS -> Endpoint.CHAT;
    };
  }
}
