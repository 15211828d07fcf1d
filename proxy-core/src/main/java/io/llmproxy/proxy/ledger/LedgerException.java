package io.llmproxy.proxy.ledger;

import java.io.IOException;

/// A ledger that cannot be used, with a message for the user.
public final class LedgerException extends IOException {
  private static final long serialVersionUID = 1L;

  LedgerException(String message) {
    super(message);
  }

  LedgerException(String message, Throwable cause) {
    super(message, cause);
  }
}
