package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/// One content block of a message that is being streamed, with what of it must still wait.
final class StreamBlock {
  private static final byte[] NOTHING = {};

  /// What a block holds, and how Messages writes its beginning and its deltas.
  enum Kind {
    TEXT("{\"type\":\"text\",\"text\":\"\"}", "{\"type\":\"text_delta\",\"text\":\""),
    THINKING(
        "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}",
        "{\"type\":\"thinking_delta\",\"thinking\":\""),
    TOOL("{\"type\":\"tool_use\"", "{\"type\":\"input_json_delta\",\"partial_json\":\"");

    final byte[] start;
    final byte[] delta;

    Kind(String start, String delta) {
      this.start = start.getBytes(US_ASCII);
      this.delta = delta.getBytes(US_ASCII);
    }
  }

  final Kind kind;
  final HeldBytes held = new HeldBytes();

  // Of a tool call.
  final long toolIndex;
  byte[] id = NOTHING;
  byte[] name = NOTHING;
  private final ArgumentsEnd end = new ArgumentsEnd();

  private StreamBlock(Kind kind, long toolIndex) {
    this.kind = kind;
    this.toolIndex = toolIndex;
  }

  static StreamBlock of(Kind kind) {
    return new StreamBlock(kind, -1);
  }

  static StreamBlock ofTool(long toolIndex) {
    return new StreamBlock(Kind.TOOL, toolIndex);
  }

  /// Whether nothing is missing that must be there before the block can end.
  boolean isWhole() {
    return kind != Kind.TOOL || end.isClosed();
  }

  /// Whether what its beginning says is known.
  boolean canStart() {
    return kind != Kind.TOOL || name.length > 0;
  }

  /// Takes the id, the name and the arguments of one fragment into account.
  void learn(byte[] bytes, ToolDelta delta) {
    if (id.length == 0 && !delta.id.isEmpty()) {
      id = Arrays.copyOfRange(bytes, delta.id.from, delta.id.to);
    }
    if (name.length == 0 && !delta.name.isEmpty()) {
      name = Arrays.copyOfRange(bytes, delta.name.from, delta.name.to);
    }
    end.follow(bytes, delta.arguments.from, delta.arguments.to);
  }

  /// Whether `delta` belongs to this call. Calls are told apart by their index; where a provider
  /// numbers them all alike, by the id that comes with a name; where it does not number them, by
  /// the id, or by a name where there is no id either.
  boolean isOf(byte[] bytes, ToolDelta delta) {
    boolean numbered = delta.index >= 0;
    if (numbered && delta.index != toolIndex) {
      return false;
    }
    boolean named = !delta.name.isEmpty() && name.length > 0;
    if (delta.id.isEmpty()) {
      return numbered || !named;
    }
    boolean sameId =
        id.length == 0 || Arrays.equals(bytes, delta.id.from, delta.id.to, id, 0, id.length);
    return sameId || (numbered && !named);
  }
}
