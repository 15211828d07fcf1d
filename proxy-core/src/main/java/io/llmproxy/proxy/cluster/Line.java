package io.llmproxy.proxy.cluster;

/// One ask of a call, and whose answer it is going to be.
record Line(Loan loan, Ask ask) {

  /// What the store answered to it.
  ///
  /// @param learning whether the store lends nothing to anybody yet
  void told(Told told, boolean learning, long nowNanos) {
    if (ask.standing() != Standing.LEAVING) {
      loan.told(told, learning, nowNanos);
    }
  }
}
