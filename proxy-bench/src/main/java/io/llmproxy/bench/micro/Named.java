package io.llmproxy.bench.micro;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Constants by the names that stand in reports: `CHAT_TO_MESSAGES` is `chat-to-messages`.
final class Named {
  private static final String NONE = "none";

  private Named() {}

  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The constants that have one of `names`: all of them where that is null, none where it is
  /// `none` alone.
  ///
  /// @throws IllegalArgumentException if there is none of a name
  static <E extends Enum<E>> List<E> among(Class<E> type, @Nullable List<String> names) {
    List<E> all = List.of(type.getEnumConstants());
    if (names == null) {
      return all;
    }
    if (names.equals(List.of(NONE))) {
      return List.of();
    }
    return names.stream().map(name -> one(all, name)).toList();
  }

  private static <E extends Enum<E>> E one(List<E> all, String name) {
    return all.stream()
        .filter(constant -> name(constant).equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "name: %s (expected: none, %s)"
                    .formatted(name, String.join(", ", all.stream().map(Named::name).toList()))));
  }
}
