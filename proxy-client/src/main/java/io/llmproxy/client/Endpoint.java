package io.llmproxy.client;

import java.net.URI;

/// A proxy, or a provider that is spoken to without one.
///
/// @param base `http://host:port` for `/v1` under it, else with the path before `/chat/completions`
/// @param key shown as `authorization: Bearer` (Messages: also as `x-api-key`); empty for none
/// @param model asked for here in the place of the request's; empty for the request's
/// @param version which HTTP
public record Endpoint(URI base, String key, String model, HttpVersion version) {

  public Endpoint {
    String scheme = base.getScheme();
    if (base.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(base + " (expected: http://host:port or https://host)");
    }
    if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("a key with a character that no header may hold");
    }
  }

  public static Endpoint of(String base) {
    return new Endpoint(URI.create(base), "", "", HttpVersion.AUTO);
  }

  public Endpoint withKey(String key) {
    return new Endpoint(base, key, model, version);
  }

  /// For a provider that calls the model by a name of its own.
  public Endpoint withModel(String model) {
    return new Endpoint(base, key, model, version);
  }

  public Endpoint withVersion(HttpVersion version) {
    return new Endpoint(base, key, model, version);
  }

  boolean isTls() {
    return base.getScheme().equals("https");
  }

  int port() {
    return base.getPort() >= 0 ? base.getPort() : isTls() ? 443 : 80;
  }

  String authority() {
    return base.getPort() >= 0 ? base.getHost() + ":" + base.getPort() : base.getHost();
  }

  /// The path of `operation`, such as `/chat/completions`.
  String path(String operation) {
    String path = base.getRawPath();
    boolean bare = path == null || path.isEmpty() || path.equals("/");
    String prefix = bare ? "/v1" : path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return prefix + operation;
  }

  @Override
  public String toString() {
    return base.toString();
  }
}
