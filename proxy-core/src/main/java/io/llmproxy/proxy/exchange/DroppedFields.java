package io.llmproxy.proxy.exchange;

import io.netty.util.AsciiString;
import java.util.List;

/// How callers are told which of their fields the provider was not sent.
final class DroppedFields {
  private static final int MOST_CHARS = 512;

  private DroppedFields() {}

  /// The value of a header field: the names, as far as there is room, and how many more there are.
  static AsciiString shown(List<String> names) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      String name = Printable.of(names.get(i));
      if (shown.length() + name.length() > MOST_CHARS) {
        return AsciiString.of(shown.append(" and ").append(names.size() - i).append(" more"));
      }
      shown.append(i == 0 ? "" : ", ").append(name);
    }
    return AsciiString.of(shown);
  }
}
