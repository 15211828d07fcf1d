package io.llmproxy.proxy.config;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/// A position in the file; line and column count from 1, the column in code points.
record Place(int line, int column) {
  static final Place START = new Place(1, 1);

  static Place of(Optional<Mark> mark) {
    return mark.map(m -> new Place(m.getLine() + 1, m.getColumn() + 1)).orElse(START);
  }

  /// The place of the code point at `index` of `text`.
  static Place at(String text, int index) {
    int line = 1;
    int column = 1;
    int at = 0;
    int[] points = text.codePoints().limit(index).toArray();
    while (at < points.length) {
      boolean newline = points[at++] == '\n';
      line = newline ? line + 1 : line;
      column = newline ? 1 : column + 1;
    }
    return new Place(line, column);
  }
}
