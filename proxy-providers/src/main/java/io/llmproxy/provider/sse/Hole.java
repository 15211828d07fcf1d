package io.llmproxy.provider.sse;

/// The part of a record's data in which the next record may differ and still mean the same: the
/// inside of a string, or a run of spaces. Reused from record to record.
public final class Hole {
  int from = -1;
  int to = -1;

  /// Takes `[from, to)` of [RecordSplitter#data].
  public void set(int from, int to) {
    this.from = from;
    this.to = to;
  }

  public void clear() {
    from = -1;
    to = -1;
  }

  boolean isSet() {
    return from >= 0;
  }
}
