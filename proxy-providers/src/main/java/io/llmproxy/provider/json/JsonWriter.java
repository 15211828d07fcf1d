package io.llmproxy.provider.json;

import io.llmproxy.provider.wire.JsonText;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// Writes one JSON value into a buffer, forward only. Commas are its business; that names and
/// values alternate as they must is its caller's. The inside of a string that was read as JSON is
/// written as the escaped bytes it arrived in.
public final class JsonWriter {

  private static final byte[] NULL = {'n', 'u', 'l', 'l'};
  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

  private final ByteBuf out;
  private boolean comma;

  /// Borrows `out` and appends to it.
  public JsonWriter(ByteBuf out) {
    this.out = out;
  }

  public JsonWriter startObject() {
    return open('{');
  }

  public JsonWriter endObject() {
    return close('}');
  }

  public JsonWriter startArray() {
    return open('[');
  }

  public JsonWriter endArray() {
    return close(']');
  }

  /// A member's name, which needs no escape.
  public JsonWriter name(byte[] plain) {
    separate();
    out.writeByte('"').writeBytes(plain).writeByte('"').writeByte(':');
    comma = false;
    return this;
  }

  /// A member's name of ASCII, which needs no escape.
  public JsonWriter name(String plain) {
    separate();
    out.writeByte('"');
    out.writeCharSequence(plain, StandardCharsets.US_ASCII);
    out.writeByte('"').writeByte(':');
    comma = false;
    return this;
  }

  /// A member's name, escapes and all, as it stands in `[from, to)` of `bytes`.
  public JsonWriter name(byte[] bytes, int from, int to) {
    escaped(bytes, from, to);
    out.writeByte(':');
    comma = false;
    return this;
  }

  /// The inside of a JSON string, escapes and all, as it stands in `[from, to)` of `bytes`.
  public JsonWriter escaped(byte[] bytes, int from, int to) {
    return openString().part(bytes, from, to).closeString();
  }

  /// Begins a string that is written in pieces.
  public JsonWriter openString() {
    separate();
    out.writeByte('"');
    return this;
  }

  /// A piece of a string, escaped already.
  public JsonWriter part(byte[] bytes, int from, int to) {
    out.writeBytes(bytes, from, to - from);
    return this;
  }

  public JsonWriter closeString() {
    out.writeByte('"');
    comma = true;
    return this;
  }

  /// Text of ours or a caller's, escaped here.
  public JsonWriter string(String text) {
    separate();
    out.writeBytes(JsonText.quoted(text));
    comma = true;
    return this;
  }

  /// A whole value as it stands in `[from, to)` of `bytes`.
  public JsonWriter raw(byte[] bytes, int from, int to) {
    separate();
    out.writeBytes(bytes, from, to - from);
    comma = true;
    return this;
  }

  public JsonWriter number(long value) {
    separate();
    out.writeCharSequence(Long.toString(value), StandardCharsets.US_ASCII);
    comma = true;
    return this;
  }

  public JsonWriter bool(boolean value) {
    byte[] text = value ? TRUE : FALSE;
    return raw(text, 0, text.length);
  }

  public JsonWriter nothing() {
    return raw(NULL, 0, NULL.length);
  }

  private JsonWriter open(char bracket) {
    separate();
    out.writeByte(bracket);
    comma = false;
    return this;
  }

  private JsonWriter close(char bracket) {
    out.writeByte(bracket);
    comma = true;
    return this;
  }

  private void separate() {
    if (comma) {
      out.writeByte(',');
    }
  }
}
