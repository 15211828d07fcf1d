package io.llmproxy.proxy.observe;

import io.llmproxy.provider.wire.Usage;
import java.util.List;
import java.util.Locale;

/// A kind of token as reports name it. `INPUT` was neither read from nor written to a cache;
/// `OUTPUT` includes `REASONING`. Audio counts with what it is part of.
enum TokenKind {
  INPUT(0),
  CACHED_INPUT(1),
  CACHE_WRITE(2),
  OUTPUT(3),
  REASONING(4);

  static final List<TokenKind> ALL = List.of(values());

  private final int slot;
  private final String label = name().toLowerCase(Locale.ROOT);

  TokenKind(int slot) {
    this.slot = slot;
  }

  String label() {
    return label;
  }

  /// Its place among the kinds.
  int slot() {
    return slot;
  }

  long of(Usage usage) {
    return switch (this) {
      case INPUT -> usage.input() + usage.inputAudio();
      case CACHED_INPUT -> usage.cachedInput();
      case CACHE_WRITE -> usage.cacheWrite();
      case OUTPUT -> usage.totalOutput();
      case REASONING -> usage.reasoning();
    };
  }
}
