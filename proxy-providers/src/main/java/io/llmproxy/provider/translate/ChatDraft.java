package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonWriter;
import io.llmproxy.provider.request.RequestFault;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A chat request that is being written, with what had to be left out of it and why it may have to
/// be refused. Writing goes on behind a fault, to no use: the first one counts.
final class ChatDraft {
  /// More names than this help nobody, and a header must hold them.
  private static final int MOST_DROPPED = 32;

  private static final int LONGEST_NAME = 64;

  private final ByteBuf out;
  private final JsonWriter json;
  private final ChatModel model;
  private final Set<String> dropped = new LinkedHashSet<>();
  private @Nullable RequestFault fault;

  /// Borrows `out`.
  ChatDraft(ByteBuf out, ChatModel model) {
    this.out = out;
    this.json = new JsonWriter(out);
    this.model = model;
  }

  JsonWriter json() {
    return json;
  }

  /// Where [#json] writes, for the inside of a string.
  ByteBuf out() {
    return out;
  }

  ChatModel model() {
    return model;
  }

  ChatTarget target() {
    return model.target();
  }

  JsonWriter name(String name) {
    return json.name(name.getBytes(US_ASCII));
  }

  /// Writes a string that needs no escape.
  JsonWriter plain(String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    return json.escaped(bytes, 0, bytes.length);
  }

  /// Writes the value as it stands.
  JsonWriter raw(JsonSpan value) {
    return json.raw(value.bytes(), value.from(), value.to());
  }

  /// Adds the inside of `text` to the string that is open.
  void part(JsonSpan text) {
    json.part(text.bytes(), text.insideFrom(), text.insideTo());
  }

  /// Adds to the string that is open what needs no escape, or is escaped.
  void part(String escaped) {
    byte[] bytes = escaped.getBytes(US_ASCII);
    json.part(bytes, 0, bytes.length);
  }

  /// What `name` says has no counterpart and is left out.
  void drop(String name) {
    if (dropped.size() < MOST_DROPPED) {
      StringBuilder shown = new StringBuilder();
      for (int i = 0; i < Math.min(name.length(), LONGEST_NAME); i++) {
        char next = name.charAt(i);
        shown.append(next > ' ' && next < 0x7f && next != ',' ? next : '?');
      }
      dropped.add(shown.toString());
    }
  }

  /// `value` of `field` is not what it must be.
  void wrong(String field, JsonSpan value, String expected) {
    boolean missing = value.from() == value.to();
    refuse(
        missing ? RequestFault.Kind.MISSING_FIELD : RequestFault.Kind.WRONG_KIND,
        field,
        value.kind() + " (expected: " + expected + ")");
  }

  /// `field` cannot be mapped: leaving it out would change what was asked for.
  void refuse(String field, String reason) {
    refuse(RequestFault.Kind.WRONG_KIND, field, reason);
  }

  /// What `field` asks for cannot be done by this target; `why` says what was found and is
  /// expected.
  void unsupported(String field, String why) {
    if (fault == null) {
      fault = RequestFault.unsupported(field, why);
    }
  }

  @Nullable RequestFault fault() {
    return fault;
  }

  List<String> dropped() {
    return List.copyOf(dropped);
  }

  private void refuse(RequestFault.Kind kind, String field, String reason) {
    if (fault == null) {
      fault = new RequestFault(kind, field, field + ": " + reason);
    }
  }
}
