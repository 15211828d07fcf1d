package io.llmproxy.proxy.cluster;

/// One ask of a call, and whose answer it is going to be.
record Line(Loan loan, Ask ask) {

  /// What the store answered to it.
  void told(Told told, long nowNanos) {
    if (ask.standing() != Standing.LEAVING) {
      loan.told(told, nowNanos);
    }
  }
}
