package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import java.util.Locale;

/// The members of an object that are looked for, known by their place in the list.
final class MemberNames {
  private final byte[][] names;

  private MemberNames(byte[][] names) {
    this.names = names;
  }

  static MemberNames of(String... names) {
    byte[][] bytes = new byte[names.length][];
    for (int i = 0; i < names.length; i++) {
      bytes[i] = names[i].getBytes(US_ASCII);
    }
    return new MemberNames(bytes);
  }

  /// The names of the constants in lower case, each at its constant's place.
  static <K extends Enum<K>> MemberNames of(Class<K> names) {
    K[] constants = names.getEnumConstants();
    String[] words = new String[constants.length];
    for (K each : constants) {
      words[each.ordinal()] = each.name().toLowerCase(Locale.ROOT);
    }
    return of(words);
  }

  int count() {
    return names.length;
  }

  /// The place of the name that `cursor` has just read, -1 where it is none of these.
  int placeOf(JsonCursor cursor) {
    for (int i = 0; i < names.length; i++) {
      if (cursor.is(names[i])) {
        return i;
      }
    }
    return -1;
  }
}
