package io.llmproxy.proxy.config;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How a scalar is written: what a message says is expected, and the reading of it, null where the
/// text does not fit. `words` are the only texts possible, if they are few.
record Syntax<T>(String expected, List<String> words, Function<String, @Nullable T> reading) {

  Syntax(String expected, Function<String, @Nullable T> reading) {
    this(expected, List.of(), reading);
  }

  @Nullable T read(String text) {
    return reading.apply(text);
  }

  /// One of the constants, written in lower case.
  @SafeVarargs
  static <E extends Enum<E>> Syntax<E> oneOf(E... constants) {
    Map<String, E> byWord = new LinkedHashMap<>();
    for (E constant : constants) {
      byWord.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    return new Syntax<>(
        String.join(", ", byWord.keySet()), List.copyOf(byWord.keySet()), byWord::get);
  }

  /// One of the words.
  static Syntax<String> word(String... words) {
    List<String> known = Arrays.asList(words);
    return new Syntax<>(
        String.join(", ", known), known, text -> known.contains(text) ? text : null);
  }
}
