package io.llmproxy.bench.simulator;

/// What goes wrong in a body, and after how many content events or bytes.
record Fault(Kind kind, long after, boolean inBytes) {

  enum Kind {
    NONE,
    CUT,
    DROP,
    CLOSE,
    END,
    STALL,
    ERROR_EVENT,
    GOAWAY,
    MALFORMED,
    HALF_OPEN,
    BAIT
  }

  static final Fault NONE = new Fault(Kind.NONE, Long.MAX_VALUE, false);

  /// Whether it is one record that should not be there, after which all goes on.
  boolean interjects() {
    return kind == Kind.MALFORMED || kind == Kind.BAIT;
  }

  static Fault parse(Kind kind, String after) {
    boolean bytes = after.endsWith("b");
    if (bytes && kind == Kind.MALFORMED) {
      throw new IllegalArgumentException("script: malformed: " + after + " (expected: events)");
    }
    String number = bytes ? after.substring(0, after.length() - 1) : after;
    return new Fault(kind, ScriptParser.count(number), bytes);
  }
}
