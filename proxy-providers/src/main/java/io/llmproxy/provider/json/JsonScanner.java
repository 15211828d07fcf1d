package io.llmproxy.provider.json;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A reader of one JSON text that is pushed to it in segments, cut anywhere: checks the whole text
/// against RFC 8259, and remembers where the asked-for fields of the outermost object stand.
///
/// Stricter than the RFC where readers differ: no byte order mark, no field of the outermost object
/// twice (compared unescaped), nesting at most [#MAX_DEPTH]. Escaped halves of surrogate pairs are
/// let through, as the grammar does. Nothing is allocated per segment, but for one working array
/// that grows to a bound. For one thread.
public final class JsonScanner {
  /// Arrays and objects around the innermost value.
  public static final int MAX_DEPTH = 512;

  /// Bytes outside the heap are looked at in pieces of this size: a copy costs far less than the
  /// checks of a buffer cost for each byte.
  private static final int COPIED_BYTES = 8192;

  private static final byte[] NOTHING = {};

  /// What may come next.
  private enum Place {
    VALUE,
    VALUE_OR_END,
    NAME,
    NAME_OR_END,
    COLON,
    BEHIND_VALUE,
    BEHIND_TEXT,
    IN_NAME,
    IN_STRING,
    IN_NUMBER,
    IN_LITERAL
  }

  private final FieldNames fields;
  private final long[] starts;
  private final long[] ends;
  private final @Nullable JsonKind[] kinds;
  private final SeenNames names = new SeenNames();
  private final StringScan string = new StringScan(names);
  private final NumberScan number = new NumberScan();
  private final LiteralScan literal = new LiteralScan();

  /// One bit for each open array (0) or object (1).
  private final long[] nesting = new long[MAX_DEPTH / Long.SIZE];

  private byte[] copied = NOTHING;
  private Place place = Place.VALUE;
  private int depth;

  /// The field whose value comes next or is being read, -1 for one that nobody asked for.
  private int wanted = -1;

  /// Bytes fed so far.
  private long fed;

  /// What turns an index of the segment at hand into an offset of the text.
  private long base;

  private long nameStart;
  private long rootStart;
  private @Nullable JsonKind rootKind;
  private @Nullable JsonFault fault;
  private boolean finished;

  public JsonScanner(FieldNames fields) {
    this.fields = fields;
    this.starts = new long[fields.count()];
    this.ends = new long[fields.count()];
    this.kinds = new JsonKind[fields.count()];
  }

  /// Borrows `bytes`, the next of the text, and does not move their indexes. Once there is a fault,
  /// does nothing.
  public void feed(ByteBuf bytes) {
    if (finished) {
      throw new IllegalStateException("feed after finish");
    }
    int from = bytes.readerIndex();
    int left = bytes.readableBytes();
    if (bytes.hasArray()) {
      scan(bytes.array(), bytes.arrayOffset() + from, left);
      return;
    }
    if (copied.length < Math.min(left, COPIED_BYTES)) {
      copied = new byte[Math.min(left, COPIED_BYTES)];
    }
    while (left > 0 && fault == null) {
      int size = Math.min(left, copied.length);
      bytes.getBytes(from, copied, 0, size);
      scan(copied, 0, size);
      from += size;
      left -= size;
    }
  }

  private void scan(byte[] bytes, int from, int size) {
    int at = from;
    int end = from + size;
    base = fed - from;
    fed += size;
    while (at < end && fault == null) {
      at =
          switch (place) {
            case VALUE, VALUE_OR_END, NAME, NAME_OR_END, COLON, BEHIND_VALUE, BEHIND_TEXT ->
                structure(bytes, at, end);
            case IN_NAME, IN_STRING -> string(bytes, at, end);
            case IN_NUMBER -> number(bytes, at, end);
            case IN_LITERAL -> literal(bytes, at, end);
          };
    }
  }

  /// The text ends here: whether it was whole and right. Where it was not, [#fault] says why.
  public boolean finish() {
    if (finished) {
      return fault == null;
    }
    finished = true;
    if (fault == null && place == Place.IN_NUMBER && depth == 0 && number.isWhole()) {
      place = Place.BEHIND_TEXT;
    }
    if (fault == null && place != Place.BEHIND_TEXT) {
      fault(JsonFault.Kind.TRUNCATED, fed, "the text ends before its value does");
    }
    return fault == null;
  }

  /// Why the text is refused; null while nothing is wrong.
  public @Nullable JsonFault fault() {
    return fault;
  }

  /// Whether the outermost object has this asked-for field, and its value was read whole.
  public boolean has(int field) {
    return ends[field] != 0;
  }

  /// What the value of a field is; only where [#has] holds.
  public JsonKind kind(int field) {
    JsonKind kind = kinds[field];
    if (kind == null || ends[field] == 0) {
      throw new IllegalStateException("no field " + fields.name(field));
    }
    return kind;
  }

  /// Offset of the first byte of a field's value.
  public long start(int field) {
    return starts[field];
  }

  /// Offset behind the last byte of a field's value.
  public long end(int field) {
    return ends[field];
  }

  /// What the outermost value is; only once its first byte was fed.
  public JsonKind rootKind() {
    if (rootKind == null) {
      throw new IllegalStateException("no value has begun");
    }
    return rootKind;
  }

  /// Offset of the first byte of the outermost value.
  public long rootStart() {
    return rootStart;
  }

  /// How many fields the outermost object has, asked for or not.
  public int fieldCount() {
    return names.count();
  }

  /// Makes this scanner ready for another text.
  public void reset() {
    names.reset();
    Arrays.fill(starts, 0);
    Arrays.fill(ends, 0);
    Arrays.fill(kinds, null);
    place = Place.VALUE;
    depth = 0;
    wanted = -1;
    fed = 0;
    rootStart = 0;
    rootKind = null;
    fault = null;
    finished = false;
  }

  private int structure(byte[] bytes, int from, int end) {
    int at = from;
    byte b = bytes[at];
    while (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
      if (++at == end) {
        return end;
      }
      b = bytes[at];
    }
    switch (place) {
      case VALUE -> value(b, at);
      case VALUE_OR_END -> {
        if (b == ']') {
          close(at);
        } else {
          value(b, at);
        }
      }
      case NAME -> name(b, at, "a field's name");
      case NAME_OR_END -> {
        if (b == '}') {
          close(at);
        } else {
          name(b, at, "a field's name or '}'");
        }
      }
      case COLON -> {
        if (b == ':') {
          place = Place.VALUE;
        } else {
          unexpected(b, at, "':' behind a field's name");
        }
      }
      case BEHIND_VALUE -> behindValue(b, at);
      default -> unexpected(b, at, "nothing behind the value");
    }
    return at + 1;
  }

  private void value(byte b, int at) {
    JsonKind kind = kindOf(b);
    if (kind == null) {
      boolean isMark = b == (byte) 0xEF && base + at == 0;
      unexpected(b, at, isMark ? "a value, without a byte order mark" : "a value");
      return;
    }
    if (depth == 0) {
      rootKind = kind;
      rootStart = base + at;
    } else if (depth == 1 && wanted >= 0) {
      kinds[wanted] = kind;
      starts[wanted] = base + at;
    }
    switch (kind) {
      case OBJECT -> open(1, Place.NAME_OR_END, at);
      case ARRAY -> open(0, Place.VALUE_OR_END, at);
      case STRING -> {
        string.begin(false);
        place = Place.IN_STRING;
      }
      case NUMBER -> {
        number.begin(b);
        place = Place.IN_NUMBER;
      }
      case TRUE, FALSE, NULL -> {
        literal.begin(b);
        place = Place.IN_LITERAL;
      }
    }
  }

  private static @Nullable JsonKind kindOf(byte first) {
    return switch (first) {
      case '{' -> JsonKind.OBJECT;
      case '[' -> JsonKind.ARRAY;
      case '"' -> JsonKind.STRING;
      case 't' -> JsonKind.TRUE;
      case 'f' -> JsonKind.FALSE;
      case 'n' -> JsonKind.NULL;
      default -> NumberScan.canBegin(first) ? JsonKind.NUMBER : null;
    };
  }

  private void open(long bit, Place inside, int at) {
    if (depth == MAX_DEPTH) {
      fault(JsonFault.Kind.TOO_DEEP, base + at, "arrays and objects nest deeper than " + MAX_DEPTH);
      return;
    }
    long mask = 1L << depth;
    nesting[depth >>> 6] = (nesting[depth >>> 6] & ~mask) | (bit << depth);
    depth++;
    place = inside;
  }

  private void close(int at) {
    depth--;
    valueEnded(base + at + 1);
  }

  private void behindValue(byte b, int at) {
    boolean isObject = ((nesting[(depth - 1) >>> 6] >>> (depth - 1)) & 1) == 1;
    if (b == ',') {
      place = isObject ? Place.NAME : Place.VALUE;
    } else if (b == (isObject ? '}' : ']')) {
      close(at);
    } else {
      unexpected(b, at, isObject ? "',' or '}' behind a value" : "',' or ']' behind a value");
    }
  }

  private void valueEnded(long end) {
    place = depth == 0 ? Place.BEHIND_TEXT : Place.BEHIND_VALUE;
    if (depth == 1 && wanted >= 0) {
      ends[wanted] = end;
      wanted = -1;
    }
  }

  private void name(byte b, int at, String expected) {
    if (b != '"') {
      unexpected(b, at, expected);
      return;
    }
    nameStart = base + at;
    string.begin(depth == 1);
    place = Place.IN_NAME;
  }

  private int string(byte[] bytes, int from, int end) {
    int at = string.scan(bytes, from, end);
    switch (string.part()) {
      case CLOSED -> {
        if (place == Place.IN_NAME) {
          nameEnded();
        } else {
          valueEnded(base + at);
        }
      }
      case BROKEN -> unexpected(bytes[at], at, string.expected());
      case NOT_UTF8 ->
          fault(
              JsonFault.Kind.INVALID_UTF8,
              base + at,
              "a string that is not UTF-8: found " + phrase(bytes[at]));
      case PLAIN, ESCAPE, HEX, SEQUENCE -> {}
    }
    return at;
  }

  private void nameEnded() {
    place = Place.COLON;
    if (depth != 1) {
      return;
    }
    switch (names.end()) {
      case FIRST -> wanted = fields.indexOfLast(names);
      case REPEATED ->
          fault(
              JsonFault.Kind.DUPLICATE_FIELD,
              nameStart,
              "the field \"" + names.last() + "\" stands there twice");
      case TOO_MANY ->
          fault(
              JsonFault.Kind.TOO_MANY_FIELDS,
              nameStart,
              "more than %d fields, or more than %d bytes of names"
                  .formatted(SeenNames.MAX_NAMES, SeenNames.MAX_BYTES));
    }
  }

  private int number(byte[] bytes, int from, int end) {
    int at = number.scan(bytes, from, end);
    if (at < end) {
      if (number.isWhole()) {
        valueEnded(base + at);
      } else {
        unexpected(bytes[at], at, "the rest of a number");
      }
    }
    return at;
  }

  private int literal(byte[] bytes, int from, int end) {
    int at = literal.scan(bytes, from, end);
    if (literal.isWhole()) {
      valueEnded(base + at);
    } else if (at < end) {
      unexpected(bytes[at], at, "true, false or null");
    }
    return at;
  }

  private void unexpected(byte b, int at, String expected) {
    fault(JsonFault.Kind.SYNTAX, base + at, "expected " + expected + ", found " + phrase(b));
  }

  private static String phrase(byte b) {
    return b > ' ' && b < 0x7F ? "'" + (char) b + "'" : "byte 0x%02X".formatted(b);
  }

  private void fault(JsonFault.Kind kind, long offset, String detail) {
    fault = new JsonFault(kind, offset, detail);
  }
}
