package io.llmproxy.client;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/// What the head of a reply told, and its trailers where there were any.
///
/// @param tries how often this client sent the call
/// @param version which HTTP the reply came by
/// @param fields header fields by their names in lower case, the last of each
public record ReplyInfo(int status, int tries, HttpVersion version, Map<String, String> fields) {

  public ReplyInfo {
    fields = Map.copyOf(fields);
  }

  /// The value of a header field.
  ///
  /// @param name in lower case
  public Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /// Names the exchange in the proxy's log.
  public String requestId() {
    return fields.getOrDefault("x-request-id", fields.getOrDefault("request-id", ""));
  }

  /// Which provider answered; empty where there is no proxy.
  public String provider() {
    return fields.getOrDefault(Headers.PROVIDER, "");
  }

  /// Attempts at providers that the proxy told of, for the last try.
  public int providerAttempts() {
    return Headers.count(fields.get(Headers.ATTEMPTS), 1);
  }

  /// What the call cost in USD, where the proxy says so.
  public Optional<BigDecimal> costUsd() {
    try {
      return field(Headers.COST).map(BigDecimal::new);
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
