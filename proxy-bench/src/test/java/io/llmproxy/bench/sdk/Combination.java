package io.llmproxy.bench.sdk;

import io.llmproxy.bench.simulator.SimulatedProvider;
import java.util.stream.Stream;

/// One way to ask: a dialect, over a wire, of a provider.
record Combination(Wire wire, Api api, SimulatedProvider provider) {

  /// Every one there is.
  static Stream<Combination> all() {
    return Stream.of(Wire.values())
        .flatMap(wire ->
            Stream.of(Api.values())
                .flatMap(api ->
                    Stream.of(SimulatedProvider.values())
                        .map(provider -> new Combination(wire, api, provider))));
  }

  /// Each dialect of each provider, the wires in turn.
  static Stream<Combination> each() {
    return all()
        .filter(one -> (one.api.ordinal() + one.provider.ordinal()) % 2 == one.wire.ordinal());
  }

  /// A model of the provider that plays `script`, under a name of its own so that what the provider
  /// counts for it is this combination's alone.
  String model(String script) {
    return provider.key() + "/" + name(script);
  }

  String name(String script) {
    return "sim-" + script + ",id=" + this;
  }

  @Override
  public String toString() {
    return (api + "-" + provider.key() + "-" + wire).toLowerCase(java.util.Locale.ROOT);
  }
}
