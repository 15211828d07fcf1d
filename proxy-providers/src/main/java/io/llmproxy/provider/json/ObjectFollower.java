package io.llmproxy.provider.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.wire.ByteScan;
import io.llmproxy.provider.wire.PartBytes;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// Follows one JSON object that arrives in parts cut anywhere: knows when it closed, keeps copies
/// of a few of its members, and counts the bytes of one.
///
/// Only structure is followed, in steps of eight bytes inside strings and nested values; the memory
/// needed is that of the members kept. Where a name comes twice, the later value counts.
public final class ObjectFollower {
  /// The longest value that is kept, in bytes.
  public static final int LONGEST_KEPT = 64 * 1024;

  private static final int NO_MEMBER = -1;

  private final byte[][] names;
  private final byte[][] values;
  private final int[] lengths;

  private int depth;
  private boolean inString;
  private boolean escaped;
  private boolean inName;
  private boolean nameNext;
  private boolean closed;
  private boolean broken;

  private final byte[] name = new byte[32];
  private int nameBytes;
  private int member = NO_MEMBER;
  private boolean contentSeen;
  private long contentBytes;

  /// Follows an object whose member `content` is what the reply is about, keeping the members
  /// `kept`, which are known by their place in this list.
  public ObjectFollower(String content, String... kept) {
    names = new byte[kept.length + 1][];
    for (int i = 0; i < kept.length; i++) {
      names[i] = kept[i].getBytes(US_ASCII);
    }
    names[kept.length] = content.getBytes(US_ASCII);
    values = new byte[kept.length][];
    Arrays.fill(values, new byte[0]);
    lengths = new int[kept.length];
  }

  /// Reads `part`, which is borrowed.
  public void read(ByteBuf part) {
    int readable = part.readableBytes();
    for (int offset = 0; offset < readable; offset += PartBytes.WINDOW) {
      byte[] window = PartBytes.array(part, offset);
      int start = PartBytes.start(part, offset);
      readWindow(window, start, start + PartBytes.length(part, offset));
    }
  }

  /// Whether the object has closed.
  public boolean isClosed() {
    return closed;
  }

  /// Whether the content member has begun.
  public boolean hasContent() {
    return contentSeen;
  }

  /// How many bytes of JSON the content member had so far.
  public long contentBytes() {
    return contentBytes;
  }

  /// Whether the member kept at `index` has a value other than null.
  public boolean isPresent(int index) {
    return lengths[index] > LONGEST_KEPT
        || (lengths[index] > 0 && !startsWithNull(values[index], lengths[index]));
  }

  /// Lets `cursor` begin at the value kept at `index`; empty if there is none or it was too long.
  public void open(int index, JsonCursor cursor) {
    cursor.reset(values[index], 0, lengths[index] > LONGEST_KEPT ? 0 : lengths[index]);
  }

  private void readWindow(byte[] window, int start, int limit) {
    int at = start;
    int mark = start;
    while (at < limit && !closed && !broken) {
      int before = member;
      int next = step(window, at, limit);
      if (member != before) {
        // The step was over the colon before a value, or the comma or brace behind it.
        keep(before, window, mark, at);
        mark = next;
      }
      at = next;
    }
    keep(member, window, mark, at);
  }

  private int step(byte[] window, int at, int limit) {
    if (inString) {
      return stepString(window, at, limit);
    }
    return depth > 1 ? stepNested(window, at, limit) : stepTop(window, at);
  }

  private int stepString(byte[] window, int at, int limit) {
    int end = escaped ? at : ByteScan.stringStop(window, at, limit);
    int next = end == limit ? end : end + 1;
    boolean wasEscaped = escaped;
    escaped = !wasEscaped && end < limit && window[end] == '\\';
    inString = wasEscaped || end == limit || window[end] != '"';
    if (inName) {
      addName(window, at, inString ? next : end);
      inName = inString;
    }
    return next;
  }

  private int stepNested(byte[] window, int at, int limit) {
    int end = ByteScan.structure(window, at, limit);
    if (end == limit) {
      return limit;
    }
    if (window[end] == '"') {
      inString = true;
    } else {
      depth += ByteScan.isOpening(window[end]) ? 1 : -1;
    }
    return end + 1;
  }

  private int stepTop(byte[] window, int at) {
    byte next = window[at];
    if (depth == 0) {
      begin(next);
      return at + 1;
    }
    switch (next) {
      case '"' -> {
        inString = true;
        inName = nameNext;
        nameBytes = 0;
      }
      case ':' -> {
        // One behind a value is no JSON; the value goes on.
        if (nameNext) {
          beginValue();
        }
      }
      case ',' -> {
        member = NO_MEMBER;
        nameNext = true;
      }
      case '}' -> {
        member = NO_MEMBER;
        depth = 0;
        closed = true;
      }
      case '{', '[' -> depth = 2;
      default -> {}
    }
    return at + 1;
  }

  /// White space and a byte order mark may come before the object.
  private void begin(byte next) {
    if (next == '{') {
      depth = 1;
      nameNext = true;
    } else {
      broken = next > ' ';
    }
  }

  private void beginValue() {
    nameNext = false;
    member = NO_MEMBER;
    for (int i = 0; i < names.length; i++) {
      if (Arrays.equals(names[i], 0, names[i].length, name, 0, Math.min(nameBytes, name.length))) {
        member = i;
      }
    }
    if (member == values.length) {
      contentSeen = true;
    } else if (member != NO_MEMBER) {
      lengths[member] = 0;
    }
  }

  private void addName(byte[] window, int from, int to) {
    int bytes = Math.min(to - from, name.length - nameBytes);
    System.arraycopy(window, from, name, nameBytes, bytes);
    nameBytes += bytes;
  }

  private void keep(int member, byte[] window, int from, int to) {
    if (member == NO_MEMBER || from >= to) {
      return;
    }
    if (member == values.length) {
      contentBytes += to - from;
      return;
    }
    int length = lengths[member] + to - from;
    if (length > LONGEST_KEPT || length < 0) {
      lengths[member] = LONGEST_KEPT + 1;
      return;
    }
    if (length > values[member].length) {
      values[member] = Arrays.copyOf(values[member], Math.max(512, 2 * length));
    }
    System.arraycopy(window, from, values[member], lengths[member], to - from);
    lengths[member] = length;
  }

  private static boolean startsWithNull(byte[] value, int length) {
    int at = 0;
    while (at < length && value[at] >= 0 && value[at] <= ' ') {
      at++;
    }
    return at == length || value[at] == 'n';
  }
}
