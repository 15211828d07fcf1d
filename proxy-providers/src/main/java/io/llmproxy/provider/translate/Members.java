package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where the members of one JSON object stand: those that are the constants of an enum, whose names
/// in lower case are the members' names. Reused from object to object; where a name comes twice,
/// the later value counts.
final class Members<K extends Enum<K>> {
  private final JsonCursor cursor = new JsonCursor();
  private final byte[][] names;
  private final int[] from;
  private final int[] to;
  private final String prefix;
  private final @Nullable Consumer<String> others;
  private byte[] bytes = {};

  /// Members of objects whose further members do not matter.
  Members(Class<K> names) {
    this(names, "", null);
  }

  /// Members of objects whose further members, unless null, are told to `others`, if there is one,
  /// after `prefix`.
  Members(Class<K> names, String prefix, @Nullable Consumer<String> others) {
    K[] constants = names.getEnumConstants();
    this.names = new byte[constants.length][];
    for (K each : constants) {
      this.names[each.ordinal()] = each.name().toLowerCase(Locale.ROOT).getBytes(US_ASCII);
    }
    this.from = new int[constants.length];
    this.to = new int[constants.length];
    this.prefix = prefix;
    this.others = others;
  }

  /// Reads the value in `[from, limit)` of `bytes`, which is borrowed; something may follow it.
  /// Whether it is a whole object; if not, no member is there.
  boolean read(byte[] bytes, int from, int limit) {
    this.bytes = bytes;
    Arrays.fill(this.from, -1);
    cursor.reset(bytes, from, limit);
    if (!cursor.enterObject()) {
      return false;
    }
    while (cursor.nextName()) {
      keep(find());
    }
    if (!cursor.isWhole()) {
      Arrays.fill(this.from, -1);
    }
    return cursor.isWhole();
  }

  /// Whether the member is there and not null.
  boolean has(K name) {
    int start = from[name.ordinal()];
    return start >= 0 && bytes[start] != 'n';
  }

  /// Where its value begins.
  int from(K name) {
    return from[name.ordinal()];
  }

  /// Where its value ends.
  int to(K name) {
    return to[name.ordinal()];
  }

  /// The first byte of the value, which says what kind it is; 0 where it is not there or null.
  char first(K name) {
    return has(name) ? (char) (bytes[from(name)] & 0xff) : 0;
  }

  boolean isString(K name) {
    return first(name) == '"';
  }

  boolean isTrue(K name) {
    return first(name) == 't';
  }

  boolean isFalse(K name) {
    return first(name) == 'f';
  }

  boolean isNumber(K name) {
    char first = first(name);
    return first == '-' || (first >= '0' && first <= '9');
  }

  /// Where the inside of the string begins.
  int insideFrom(K name) {
    return from(name) + 1;
  }

  /// Where the inside of the string ends.
  int insideTo(K name) {
    return to(name) - 1;
  }

  /// Whether the value is a string with something inside.
  boolean hasText(K name) {
    return isString(name) && insideFrom(name) < insideTo(name);
  }

  /// Whether the value is the string `plain`, as it is written without escapes.
  boolean is(K name, String plain) {
    int length = plain.length();
    if (!isString(name) || insideTo(name) - insideFrom(name) != length) {
      return false;
    }
    int start = insideFrom(name);
    for (int i = 0; i < length; i++) {
      if (bytes[start + i] != plain.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// The string without its escapes, empty where it is none.
  String text(K name) {
    return isString(name) ? JsonStrings.unescaped(bytes, insideFrom(name), insideTo(name)) : "";
  }

  /// The value as it is written.
  String written(K name) {
    return new String(bytes, from(name), to(name) - from(name), US_ASCII);
  }

  /// The count the value is, [JsonCursor#ABSENT] where it is none.
  long count(K name) {
    if (!isNumber(name)) {
      return JsonCursor.ABSENT;
    }
    // Something follows every member, be it the end of its object.
    cursor.reset(bytes, from(name), to(name) + 1);
    return cursor.readCount();
  }

  private int find() {
    for (int i = 0; i < names.length; i++) {
      if (cursor.is(names[i])) {
        return i;
      }
    }
    return -1;
  }

  private void keep(int index) {
    if (index >= 0) {
      from[index] = cursor.valueStart();
      cursor.skipValue();
      to[index] = cursor.valueEnd();
    } else if (others == null) {
      cursor.skipValue();
    } else {
      tell(others);
    }
  }

  private void tell(Consumer<String> listener) {
    String name = JsonStrings.unescaped(bytes, cursor.stringFrom(), cursor.stringTo());
    if (cursor.skipValue()) {
      listener.accept(prefix + name);
    }
  }
}
