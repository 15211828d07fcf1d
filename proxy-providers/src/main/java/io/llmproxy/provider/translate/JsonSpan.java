package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.json.JsonWriter;
import java.util.Arrays;
import java.util.function.Consumer;

/// Where a JSON value stands in a body that is known to be JSON; nothing, where there is none.
final class JsonSpan {
  static final JsonSpan NOTHING = new JsonSpan(new byte[0], 0, 0);

  private static final int LONGEST_WORD = 128;

  private final byte[] bytes;
  private final int from;
  private final int to;

  /// The value in `[from, to)` of `bytes`, which are borrowed.
  private JsonSpan(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
  }

  /// The value that is the whole of `body`.
  static JsonSpan of(byte[] body) {
    JsonCursor cursor = new JsonCursor();
    cursor.reset(body, 0, body.length);
    return next(body, cursor);
  }

  /// The value that stands alone in `[from, to)` of `bytes`.
  static JsonSpan of(byte[] bytes, int from, int to) {
    return new JsonSpan(bytes, from, to);
  }

  /// The name that `cursor`, which reads `bytes`, has just read, as it is written.
  static String name(byte[] bytes, JsonCursor cursor) {
    return new String(bytes, cursor.stringFrom(), cursor.stringTo() - cursor.stringFrom(), UTF_8);
  }

  /// The value that `cursor`, which reads `bytes`, is at; consumes it.
  static JsonSpan next(byte[] bytes, JsonCursor cursor) {
    int from = cursor.valueStart();
    cursor.skipValue();
    return new JsonSpan(bytes, from, cursor.valueEnd());
  }

  /// The body.
  byte[] bytes() {
    return bytes;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /// Whether there is a value, and it is not null.
  boolean isPresent() {
    return from < to && bytes[from] != 'n';
  }

  boolean isString() {
    return isOpenedBy('"');
  }

  boolean isObject() {
    return isOpenedBy('{');
  }

  boolean isArray() {
    return isOpenedBy('[');
  }

  boolean isTrue() {
    return isOpenedBy('t');
  }

  boolean isFalse() {
    return isOpenedBy('f');
  }

  /// Whether it is a number without sign, fraction and exponent.
  boolean isCount() {
    for (int i = from; i < to; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return false;
      }
    }
    return from < to;
  }

  /// The number it is, cut to [JsonCursor#LARGEST].
  long count() {
    long count = 0;
    for (int i = from; i < to; i++) {
      count = Math.min(JsonCursor.LARGEST, 10 * count + bytes[i] - '0');
    }
    return count;
  }

  /// Whether it is the string `plain`, written without escapes.
  boolean is(String plain) {
    byte[] expected = plain.getBytes(US_ASCII);
    return isString()
        && Arrays.equals(bytes, insideFrom(), insideTo(), expected, 0, expected.length);
  }

  /// Where the inside of the string begins.
  int insideFrom() {
    return from + 1;
  }

  int insideTo() {
    return to - 1;
  }

  /// Whether it is a string with something inside.
  boolean isText() {
    return isString() && to - from > 2;
  }

  /// The inside of the string as it is written, for names and messages: cut where it is longer than
  /// any word that is known, empty where the value is no string.
  String word() {
    if (!isString()) {
      return "";
    }
    int length = insideTo() - insideFrom();
    String start = new String(bytes, insideFrom(), Math.min(length, LONGEST_WORD), UTF_8);
    return length > LONGEST_WORD ? start + "..." : start;
  }

  /// Whether the string begins with `plain`.
  boolean startsWith(byte[] plain) {
    int end = insideFrom() + plain.length;
    return isString()
        && end <= insideTo()
        && Arrays.equals(bytes, insideFrom(), end, plain, 0, plain.length);
  }

  /// Whether both are written the same.
  boolean isSameAs(JsonSpan other) {
    return Arrays.equals(bytes, from, to, other.bytes, other.from, other.to);
  }

  /// What a message calls it.
  String kind() {
    if (from == to) {
      return "missing";
    }
    return switch (bytes[from]) {
      case '"' -> "a string";
      case '{' -> "an object";
      case '[' -> "an array";
      case 't', 'f' -> "a boolean";
      case 'n' -> "null";
      default -> "a number";
    };
  }

  /// Writes it as it stands.
  void write(JsonWriter out) {
    out.raw(bytes, from, to);
  }

  /// Tells `each` of every element of the array, of none where it is no array.
  void forEach(Consumer<JsonSpan> each) {
    JsonCursor cursor = cursor();
    if (isArray() && cursor.enterArray()) {
      while (cursor.nextElement()) {
        each.accept(next(bytes, cursor));
      }
    }
  }

  /// A cursor at the value.
  JsonCursor cursor() {
    JsonCursor cursor = new JsonCursor();
    cursor.reset(bytes, from, to);
    return cursor;
  }

  /// The members of the object, each at its place in `names`; one that is not there, or of a value
  /// that is no object, is nothing.
  JsonSpan[] members(MemberNames names) {
    JsonSpan[] found = new JsonSpan[names.count()];
    Arrays.fill(found, NOTHING);
    JsonCursor cursor = cursor();
    if (!isObject() || !cursor.enterObject()) {
      return found;
    }
    while (cursor.nextName()) {
      int place = names.placeOf(cursor);
      JsonSpan value = next(bytes, cursor);
      if (place >= 0) {
        found[place] = value;
      }
    }
    return found;
  }

  private boolean isOpenedBy(char first) {
    return from < to && bytes[from] == first;
  }
}
