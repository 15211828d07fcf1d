package io.llmproxy.provider.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.llmproxy.provider.json.JsonKind;
import io.llmproxy.provider.request.Adaptation.Change.Kind;
import io.llmproxy.provider.wire.ByteScan;
import io.llmproxy.provider.wire.JsonText;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One object of a request's body, whose members can be removed, renamed and replaced. Every byte
/// of the others stays. Names are ASCII, and compared unescaped.
///
/// Lives as long as the call of [ChatQuirks#adapt] it is given to. What is removed must not be
/// changed too.
public final class ObjectEdit {
  private static final byte[] NOTHING = {};

  /// Longer values are not told apart by quirks.
  private static final int LONGEST_TEXT = 64;

  private final byte[] text;
  private final Adaptation adaptation;

  /// What stands before a member's name where a change is told.
  private String path;

  /// For each member: comma before it, name (in its quotes) from and to, value from and to.
  private int[][] members = new int[16][5];

  private boolean[] removed = new boolean[16];
  private int count;
  private int end;
  private @Nullable ObjectEdit child;

  ObjectEdit(byte[] text, Adaptation adaptation, String path) {
    this.text = text;
    this.adaptation = adaptation;
    this.path = path;
  }

  /// Reads the object that opens at `start`. The text is known to be JSON.
  void open(int start) {
    count = 0;
    int comma = start;
    int at = space(start + 1);
    while (text[at] != '}') {
      if (text[at] == ',') {
        comma = at;
        at = space(at + 1);
      }
      int nameEnd = stringEnd(at);
      int value = space(space(nameEnd) + 1);
      int valueEnd = valueEnd(value);
      add(comma, at, nameEnd, value, valueEnd);
      at = space(valueEnd);
    }
    end = at + 1;
  }

  /// Tells the adaptation what was removed.
  void close() {
    boolean kept = false;
    for (int i = 0; i < count; i++) {
      int[] member = members[i];
      if (!removed[i]) {
        kept = true;
      } else if (kept) {
        adaptation.edit(member[0], member[4], NOTHING);
      } else {
        // Nothing stays before it: the comma behind it goes.
        adaptation.edit(member[1], i + 1 < count ? members[i + 1][1] : member[4], NOTHING);
      }
    }
  }

  public boolean has(String name) {
    return find(name) >= 0;
  }

  /// Whether there is such a member and its value is of `kind`.
  public boolean is(String name, JsonKind kind) {
    int member = find(name);
    return member >= 0 && kindAt(members[member][3]) == kind;
  }

  /// What a message says of the value: its kind, or the value itself where that is short.
  public String shown(String name) {
    String value = text(name);
    int member = find(name);
    return !value.isEmpty() || member < 0 ? value : kindAt(members[member][3]).phrase();
  }

  /// The value as it stands there; empty where there is none or it is long.
  public String text(String name) {
    int member = find(name);
    if (member < 0 || members[member][4] - members[member][3] > LONGEST_TEXT) {
      return "";
    }
    return new String(text, members[member][3], members[member][4] - members[member][3], UTF_8);
  }

  /// How many values the array has; -1 where it is none.
  public int elements(String name) {
    int member = find(name);
    if (member < 0 || kindAt(members[member][3]) != JsonKind.ARRAY) {
      return -1;
    }
    int elements = 0;
    for (int at = element(members[member][3] + 1); text[at] != ']'; at = element(valueEnd(at))) {
      elements++;
    }
    return elements;
  }

  /// Removes the member, if there is one.
  public void remove(String name) {
    for (int i = 0; i < count; i++) {
      if (!removed[i] && isNamed(i, name)) {
        removed[i] = true;
        adaptation.changed(path + name, Kind.DROPPED);
      }
    }
  }

  /// Gives the member another name, if there is one. `to` needs no escape.
  public void rename(String name, String to) {
    int member = find(name);
    if (member >= 0) {
      adaptation.edit(members[member][1], members[member][2], JsonText.quoted(to));
      adaptation.changed(path + name, Kind.RENAMED);
    }
  }

  /// Puts the JSON `value` in the place of the member's value, if there is one.
  public void replace(String name, String value) {
    int member = find(name);
    if (member >= 0) {
      adaptation.edit(members[member][3], members[member][4], value.getBytes(UTF_8));
      adaptation.changed(path + name, Kind.REPLACED);
    }
  }

  /// Puts `before` and `after` around the member's value, if there is one.
  public void enclose(String name, String before, String after) {
    int member = find(name);
    if (member >= 0) {
      int[] at = members[member];
      adaptation.edit(at[3], at[3], before.getBytes(UTF_8));
      adaptation.edit(at[4], at[4], after.getBytes(UTF_8));
      adaptation.changed(path + name, Kind.REPLACED);
    }
  }

  /// Calls `edit` with each object of an array, one after the other.
  public void each(String name, Consumer<ObjectEdit> edit) {
    if (elements(name) <= 0) {
      return;
    }
    ObjectEdit element = child(path + name + "[].");
    int at = element(members[find(name)][3] + 1);
    while (text[at] != ']') {
      at = element(text[at] == '{' ? element.edit(at, edit) : valueEnd(at));
    }
  }

  /// Calls `edit` with the object that is the member's value, if it is one.
  public void inside(String name, Consumer<ObjectEdit> edit) {
    if (is(name, JsonKind.OBJECT)) {
      child(path + name + ".").edit(members[find(name)][3], edit);
    }
  }

  /// This request cannot be sent to the provider, because of one field.
  public void refuse(String name, String found, String expected) {
    adaptation.refuse(RequestFault.wrongKind(path + name, found, expected));
  }

  private int edit(int start, Consumer<ObjectEdit> edit) {
    open(start);
    edit.accept(this);
    close();
    return end;
  }

  private ObjectEdit child(String childPath) {
    if (child == null) {
      child = new ObjectEdit(text, adaptation, childPath);
    }
    child.path = childPath;
    return child;
  }

  private void add(int comma, int name, int nameEnd, int value, int valueEnd) {
    if (count == members.length) {
      members = Arrays.copyOf(members, 2 * count);
      for (int i = count; i < members.length; i++) {
        members[i] = new int[5];
      }
      removed = Arrays.copyOf(removed, 2 * count);
    }
    int[] member = members[count];
    member[0] = comma;
    member[1] = name;
    member[2] = nameEnd;
    member[3] = value;
    member[4] = valueEnd;
    removed[count++] = false;
  }

  private int find(String name) {
    for (int i = 0; i < count; i++) {
      if (!removed[i] && isNamed(i, name)) {
        return i;
      }
    }
    return -1;
  }

  private boolean isNamed(int member, String name) {
    int from = members[member][1] + 1;
    int to = members[member][2] - 1;
    if (to - from == name.length()) {
      int i = 0;
      while (i < name.length() && text[from + i] == name.charAt(i)) {
        i++;
      }
      return i == name.length();
    }
    // Every escape is longer than what it stands for.
    return to - from > name.length()
        && to - from <= 6 * name.length()
        && ByteScan.stringStop(text, from, to) < to
        && RequestBody.unescaped(Arrays.copyOfRange(text, from - 1, to + 1)).equals(name);
  }

  private JsonKind kindAt(int at) {
    return switch (text[at]) {
      case '{' -> JsonKind.OBJECT;
      case '[' -> JsonKind.ARRAY;
      case '"' -> JsonKind.STRING;
      case 't' -> JsonKind.TRUE;
      case 'f' -> JsonKind.FALSE;
      case 'n' -> JsonKind.NULL;
      default -> JsonKind.NUMBER;
    };
  }

  private int space(int from) {
    int at = from;
    while (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t') {
      at++;
    }
    return at;
  }

  /// The next value of an array, or its end.
  private int element(int from) {
    int at = space(from);
    return text[at] == ',' ? space(at + 1) : at;
  }

  private int valueEnd(int start) {
    return switch (kindAt(start)) {
      case OBJECT, ARRAY -> containerEnd(start);
      case STRING -> stringEnd(start);
      case NUMBER, TRUE, FALSE, NULL -> scalarEnd(start);
    };
  }

  private int containerEnd(int start) {
    int depth = 0;
    int at = start;
    do {
      at = ByteScan.structure(text, at, text.length);
      if (text[at] == '"') {
        at = stringEnd(at);
      } else {
        depth += ByteScan.isOpening(text[at++]) ? 1 : -1;
      }
    } while (depth > 0);
    return at;
  }

  private int stringEnd(int start) {
    int at = ByteScan.stringStop(text, start + 1, text.length);
    while (text[at] != '"') {
      at = ByteScan.stringStop(text, at + 2, text.length);
    }
    return at + 1;
  }

  private int scalarEnd(int start) {
    int at = start;
    while (text[at] != ',' && text[at] != '}' && text[at] != ']' && text[at] > ' ') {
      at++;
    }
    return at;
  }
}
