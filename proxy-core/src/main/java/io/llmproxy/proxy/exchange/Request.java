package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.proxy.admission.Reservation;
import io.llmproxy.proxy.http.Digits;
import io.llmproxy.proxy.http.HeaderName;
import io.llmproxy.proxy.http.RequestHead;
import io.netty.util.AsciiString;

/// What a caller asks, whole and accepted; may be put to providers as often as is needed.
///
/// @param body owned by whoever holds this
/// @param reservation what is set aside for it, ended by whoever holds this
record Request(Operation operation, RequestHead head, RequestBody body, Reservation reservation) {

  /// Gives up all of it; its attempts have ended.
  void release() {
    body.release();
    reservation.end();
  }

  /// How often the caller itself has asked before, as its client says.
  int callerRetries() {
    return Math.max(count(HeaderName.RETRY_COUNT), count(HeaderName.ATTEMPT) - 1);
  }

  /// How many attempts the caller allows for this request, all kinds together: its retry budget,
  /// which it shares with us.
  int mostAttempts() {
    return head.has(HeaderName.MAX_ATTEMPTS)
        ? Math.max(1, count(HeaderName.MAX_ATTEMPTS))
        : Integer.MAX_VALUE;
  }

  /// How long the caller is going to wait, −1 where it does not say.
  long timeoutMillis() {
    return head.has(HeaderName.TIMEOUT_MS) ? count(HeaderName.TIMEOUT_MS) : -1;
  }

  private int count(HeaderName name) {
    AsciiString text = head.get(name);
    return text == null ? 0 : Math.clamp(Digits.parse(text), 0, Integer.MAX_VALUE);
  }
}
