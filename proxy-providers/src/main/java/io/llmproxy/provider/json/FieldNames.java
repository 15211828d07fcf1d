package io.llmproxy.provider.json;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;

/// The fields a [JsonScanner] is asked to find; each has its place in the list as its index.
public final class FieldNames {
  private final List<String> names;
  private final byte[][] bytes;

  private FieldNames(List<String> names) {
    this.names = names;
    this.bytes = new byte[names.size()][];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = names.get(i).getBytes(StandardCharsets.UTF_8);
    }
  }

  public static FieldNames of(String... names) {
    List<String> list = List.of(names);
    if (new HashSet<>(list).size() != list.size()) {
      throw new IllegalArgumentException("names: " + list + " (expected: each once)");
    }
    return new FieldNames(list);
  }

  public int count() {
    return bytes.length;
  }

  public String name(int field) {
    return names.get(field);
  }

  /// The index of the name that was read last, -1 where it is not asked for.
  int indexOfLast(SeenNames seen) {
    for (int i = 0; i < bytes.length; i++) {
      if (seen.lastIs(bytes[i])) {
        return i;
      }
    }
    return -1;
  }
}
