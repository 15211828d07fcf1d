package io.llmproxy.provider.request;

/// A hash of what stays the same when a conversation goes on: instructions and first message.
/// FNV-1a of 64 bits over at most a few KiB of the body as it stands.
final class PromptHash {

  /// Of one field no more is looked at: a prompt cache keeps prefixes, too.
  static final int MOST_BYTES = 4096;

  private static final long BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private long hash = BASIS;

  /// Adds a whole value, as far as it is looked at.
  void add(byte[] value) {
    add(value, value.length);
  }

  /// Adds the first item of a list; another value whole.
  void addFirst(byte[] value) {
    add(value, value.length > 0 && value[0] == '[' ? endOfFirst(value) : value.length);
  }

  private void add(byte[] value, int end) {
    long next = hash;
    for (int i = 0; i < end; i++) {
      next = (next ^ (value[i] & 0xff)) * PRIME;
    }
    hash = next;
  }

  private static int endOfFirst(byte[] list) {
    int depth = 0;
    boolean quoted = false;
    for (int i = 1; i < list.length; i++) {
      byte b = list[i];
      if (quoted) {
        i += b == '\\' ? 1 : 0;
        quoted = b != '"';
      } else if (b == '"') {
        quoted = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        depth--;
      }
      if (!quoted && depth <= 0 && (b == '}' || b == ',' || b == ']')) {
        return i + 1;
      }
    }
    return list.length;
  }

  long value() {
    return hash;
  }
}
