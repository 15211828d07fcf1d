package io.llmproxy.proxy.cluster;

/// What a proxy tells of its lease when it asks.
enum Standing {

  /// It has none yet.
  FRESH(0),

  /// It has what the store said last.
  KNOWN(1),

  /// It has what an earlier store said, which this one does not know.
  PUBLISHED(2),

  /// It gives all back and asks nothing more.
  LEAVING(3);

  private final int code;

  Standing(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
