package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.LoadWindow;
import io.llmproxy.bench.load.Quantiles;

/// The loads every arm is given.
enum Load {
  SMALL("small", "request", "A  small requests, 32 in flight"),
  PACED("paced", "event", "B  paced streams"),
  UNPACED("unpaced", "event", "C  unpaced streams, 32 in flight");

  private final String id;
  private final String unit;
  private final String title;

  Load(String id, String unit, String title) {
    this.id = id;
    this.unit = unit;
    this.title = title;
  }

  String id() {
    return id;
  }

  /// What CPU time is divided by.
  String unit() {
    return unit;
  }

  /// How many of these a window saw.
  long units(LoadWindow window) {
    return this == SMALL ? window.completed() : window.events();
  }

  /// What is looked at for delay: one way for paced events, there and back for the rest.
  Quantiles delay(LoadWindow window) {
    return this == PACED ? window.eventDelay() : window.latency();
  }

  String title() {
    return title;
  }
}
