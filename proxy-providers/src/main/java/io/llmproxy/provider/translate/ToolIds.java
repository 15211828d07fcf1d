package io.llmproxy.provider.translate;

/// Ids of tool calls for a dialect that takes only ASCII letters, digits, `_` and `-` in them.
///
/// An id of other characters is written so that it can be read back without remembering it: a mark,
/// then the id, in which `_` is `__` and any other character that is not allowed its UTF-16 units
/// in hexadecimal between `_`s.
final class ToolIds {
  private static final String MARK = "llmproxy_";

  private ToolIds() {}

  /// `id`, or what stands for it where it has characters that are not allowed.
  static String plain(String id) {
    return isPlain(id) ? id : MARK + encoded(id);
  }

  /// The id that `plain` stands for, which is itself where it is none of ours.
  static String original(String plain) {
    return isMarked(plain) ? decoded(plain) : plain;
  }

  /// Whether `id` stands for another.
  static boolean isMarked(String id) {
    return id.startsWith(MARK);
  }

  private static boolean isPlain(String id) {
    for (int i = 0; i < id.length(); i++) {
      if (!isAllowed(id.charAt(i)) && id.charAt(i) != '_') {
        return false;
      }
    }
    // One that looks like ours would be read back as another.
    return !id.isEmpty() && !isMarked(id);
  }

  private static String encoded(String id) {
    StringBuilder text = new StringBuilder(id.length() + 8);
    for (int i = 0; i < id.length(); i++) {
      char unit = id.charAt(i);
      if (isAllowed(unit)) {
        text.append(unit);
      } else if (unit == '_') {
        text.append("__");
      } else {
        text.append('_').append(Integer.toHexString(unit)).append('_');
      }
    }
    return text.toString();
  }

  private static String decoded(String marked) {
    StringBuilder text = new StringBuilder(marked.length());
    int at = MARK.length();
    while (at < marked.length()) {
      int end = marked.charAt(at) == '_' ? marked.indexOf('_', at + 1) : at;
      int unit = end == at ? marked.charAt(at) : unit(marked, at, end);
      if (unit < 0) {
        return marked;
      }
      text.append((char) unit);
      at = end + 1;
    }
    return text.toString();
  }

  /// The unit between the `_` at `from` and that at `to`, negative if there is none.
  private static int unit(String marked, int from, int to) {
    if (to == from + 1) {
      return '_';
    }
    if (to < 0 || to > from + 5) {
      return -1;
    }
    int value = 0;
    for (int i = from + 1; i < to; i++) {
      int digit = Character.digit(marked.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static boolean isAllowed(char unit) {
    return (unit >= 'a' && unit <= 'z')
        || (unit >= 'A' && unit <= 'Z')
        || (unit >= '0' && unit <= '9')
        || unit == '-';
  }
}
