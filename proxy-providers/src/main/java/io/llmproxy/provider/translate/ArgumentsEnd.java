package io.llmproxy.provider.translate;

/// Sees where the JSON value ends that a tool call's arguments are, while they arrive as pieces of
/// a string.
final class ArgumentsEnd {
  private int depth;
  private boolean inString;
  private boolean escaped;
  private boolean closed;

  /// Follows the next piece, the inside `[from, to)` of a string.
  void follow(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && !closed) {
      int next = bytes[at];
      if (next != '\\' || at + 1 == to) {
        at++;
      } else if (bytes[at + 1] == 'u') {
        next = EscapedText.unit(bytes, at, to);
        at += 6;
      } else {
        next = EscapedText.meaning(bytes[at + 1]);
        at += 2;
      }
      step(next);
    }
  }

  /// Whether an object or an array has begun and ended.
  boolean isClosed() {
    return closed;
  }

  private void step(int next) {
    if (inString) {
      inString = escaped || next != '"';
      escaped = !escaped && next == '\\';
      return;
    }
    if (next == '"') {
      inString = true;
    } else if (next == '{' || next == '[') {
      depth++;
    } else if (next == '}' || next == ']') {
      depth--;
      closed = depth == 0;
    }
  }
}
