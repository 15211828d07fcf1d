package io.llmproxy.provider.resume;

import io.llmproxy.provider.resume.Step.Mark;
import io.llmproxy.provider.resume.Step.Text;
import java.util.ArrayList;
import java.util.List;

/// The steps of an answer that a caller has been given, and how far another telling of the same
/// answer has come in them.
final class Delivered {

  /// More is not kept, so that a stream that is longer cannot be continued.
  static final int MOST_CHARACTERS = 4 << 20;

  /// A mark, or a run of one text's pieces.
  private static final class Entry {
    private final String name;
    private final boolean isText;
    private final StringBuilder text = new StringBuilder();

    Entry(String name, boolean isText) {
      this.name = name;
      this.isText = isText;
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private int characters;

  // How far the other telling has come.
  private int entry;
  private int character;

  /// The caller was given `step`.
  void add(Step step) {
    add(step, 0);
  }

  /// Likewise, of a text what follows its first `from` characters.
  void add(Step step, int from) {
    switch (step) {
      case Text text -> {
        Entry last = entries.isEmpty() ? null : entries.getLast();
        if (last == null || !last.isText || !last.name.equals(text.channel())) {
          last = new Entry(text.channel(), true);
          entries.add(last);
        }
        last.text.append(text.leaf().value(), from, text.leaf().value().length());
        characters += text.leaf().value().length() - from;
      }
      case Mark mark -> entries.add(new Entry(mark.name(), false));
    }
  }

  boolean isTooLong() {
    return characters > MOST_CHARACTERS || entries.size() > MOST_CHARACTERS / 64;
  }

  /// The answer is told anew, from its beginning.
  void begin() {
    entry = 0;
    character = 0;
  }

  /// The answer goes on where it ended, by a provider who was given what was delivered.
  void beginAtEnd() {
    entry = entries.size();
    character = 0;
  }

  /// Whether all that was delivered has been told again.
  boolean isPassed() {
    return entry == entries.size();
  }

  /// Whether it is one text and nothing else, whose end another can go on from.
  boolean isOneText() {
    return entries.stream().filter(each -> each.isText).count() == 1;
  }

  /// Whether `text` belongs to the text that was delivered last.
  boolean endsWith(Text text) {
    Entry last = entries.isEmpty() ? null : entries.getLast();
    return last != null && last.isText && last.name.equals(text.channel());
  }

  /// That text.
  String text() {
    StringBuilder all = new StringBuilder();
    entries.stream().filter(each -> each.isText).forEach(each -> all.append(each.text));
    return all.toString();
  }

  /// Whether the next step is `mark`; passes it.
  boolean passMark(Mark mark) {
    closeText();
    boolean same =
        !isPassed() && !entries.get(entry).isText && entries.get(entry).name.equals(mark.name());
    if (same) {
      entry++;
    }
    return same;
  }

  /// How many characters of a piece of text repeat what was delivered, −1 where they differ from
  /// it; passes them.
  int passText(Text text) {
    String piece = text.leaf().value();
    if (isPassed()) {
      return 0;
    }
    Entry next = entries.get(entry);
    if (next.isText && character == next.text.length() && !next.name.equals(text.channel())) {
      closeText();
      return passText(text);
    }
    if (!next.isText || !next.name.equals(text.channel())) {
      return -1;
    }
    int length = Math.min(piece.length(), next.text.length() - character);
    for (int i = 0; i < length; i++) {
      if (piece.charAt(i) != next.text.charAt(character + i)) {
        return -1;
      }
    }
    character += length;
    if (character == next.text.length()) {
      closeText();
    }
    boolean beyond = length < piece.length();
    return beyond && !isPassed() ? -1 : length;
  }

  private void closeText() {
    if (!isPassed() && entries.get(entry).isText && character == entries.get(entry).text.length()) {
      entry++;
      character = 0;
    }
  }
}
