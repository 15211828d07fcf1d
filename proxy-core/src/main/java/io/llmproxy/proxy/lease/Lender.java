package io.llmproxy.proxy.lease;

/// Who lends a proxy parts of what it shares with others. Told on event loops: nothing here waits.
public interface Lender {

  /// Something was held or wanted.
  void used();

  /// More is needed at once.
  void wake();
}
