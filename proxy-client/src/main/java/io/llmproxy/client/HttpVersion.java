package io.llmproxy.client;

/// Which HTTP an endpoint is spoken to.
public enum HttpVersion {
  /// HTTP/2: by ALPN over TLS, by prior knowledge in clear text. HTTP/1.1 where the endpoint shows
  /// that it does not speak HTTP/2.
  AUTO,
  HTTP_1_1,
  HTTP_2
}
