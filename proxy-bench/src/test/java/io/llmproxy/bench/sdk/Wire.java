package io.llmproxy.bench.sdk;

/// How an SDK reaches the proxy.
enum Wire {
  /// HTTP/1.1 in cleartext.
  HTTP_1,
  /// HTTP/2 over TLS.
  HTTP_2_TLS
}
