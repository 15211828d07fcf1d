package io.llmproxy.proxy.cluster;

/// The store did not answer, or not in time.
final class StoreException extends Exception {
  private static final long serialVersionUID = 1;

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
