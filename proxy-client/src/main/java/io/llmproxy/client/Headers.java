package io.llmproxy.client;

import org.jspecify.annotations.Nullable;

/// Names of header fields that a client and its proxy tell each other things by, in lower case.
final class Headers {

  /// Which attempt at a provider the next one is, those of the call before this try counted.
  static final String ATTEMPT = "x-llmproxy-attempt";

  /// How many attempts at providers this try may come to.
  static final String MAX_ATTEMPTS = "x-llmproxy-max-attempts";

  /// How long the caller waits, in milliseconds.
  static final String TIMEOUT_MS = "x-llmproxy-timeout-ms";

  /// How many attempts at providers a reply took.
  static final String ATTEMPTS = "x-llmproxy-attempts";

  /// Every reply of a proxy bears it, and no other's.
  static final String OVERHEAD = "x-llmproxy-overhead-us";

  static final String PROVIDER = "x-llmproxy-provider";
  static final String COST = "x-llmproxy-cost-usd";
  static final String SHOULD_RETRY = "x-should-retry";
  static final String IDEMPOTENCY_KEY = "idempotency-key";
  static final String REQUEST_ID = "x-request-id";

  private Headers() {}

  /// Reads a count, at least 0; `otherwise` where there is none.
  static int count(@Nullable String text, int otherwise) {
    try {
      return text == null ? otherwise : Math.max(0, Integer.parseInt(text.strip()));
    } catch (NumberFormatException _) {
      return otherwise;
    }
  }
}
