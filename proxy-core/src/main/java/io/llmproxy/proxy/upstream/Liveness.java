package io.llmproxy.proxy.upstream;

import java.util.concurrent.TimeUnit;

/// Whether a connection's peer is still there. Looked at about once a second; a byte read costs no
/// more than setting a flag.
final class Liveness {

  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(5);

  /// What is known of the peer.
  enum Verdict {
    PRESENT,
    /// It has been silent for so long that it is to be asked now.
    TO_BE_ASKED,
    /// It was asked and did not answer in time.
    GONE
  }

  private boolean heard;
  private boolean asked;
  private long askedNanos;
  private long lastHeardNanos;

  Liveness(long nowNanos) {
    lastHeardNanos = nowNanos;
  }

  /// Any byte is an answer, not the PING's acknowledgement alone: that may wait behind data.
  void heard() {
    heard = true;
  }

  /// @param busy whether anybody waits for the peer
  Verdict look(long nowNanos, boolean busy) {
    if (heard) {
      heard = false;
      asked = false;
      lastHeardNanos = nowNanos;
      return Verdict.PRESENT;
    }
    if (asked) {
      return nowNanos - askedNanos >= ANSWER_NANOS ? Verdict.GONE : Verdict.PRESENT;
    }
    if (busy && nowNanos - lastHeardNanos >= SILENCE_NANOS) {
      asked = true;
      askedNanos = nowNanos;
      return Verdict.TO_BE_ASKED;
    }
    return Verdict.PRESENT;
  }
}
