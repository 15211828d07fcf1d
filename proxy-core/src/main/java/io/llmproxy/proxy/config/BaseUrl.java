package io.llmproxy.proxy.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `base_url`. No message shows its value: people put keys into addresses.
final class BaseUrl {
  private static final List<String> DIALECT_PATHS =
      List.of("/chat/completions", "/responses", "/embeddings", "/models", "/messages");
  private static final int MAX_PORT = 65_535;

  private BaseUrl() {}

  /// The address without a slash at its end; null after a problem.
  static @Nullable URI read(YamlValue value, boolean anthropic) {
    String text = value.text();
    if (text == null) {
      return null;
    }
    URI url = parse(text.strip().replaceAll("/+$", ""));
    if (url == null) {
      value.problem(
          "expected: http:// or https://, a host, perhaps a port and a path, and nothing else"
              + " (its value is not shown)");
      return null;
    }
    for (String path : DIALECT_PATHS) {
      if (url.getPath().endsWith(path)) {
        value.problem("leave out " + path + ": base_url is what stands before it");
        return null;
      }
    }
    if (anthropic && url.getPath().endsWith("/v1")) {
      value.warn("ends in /v1, and /v1/messages is added to it: likely one /v1 too many");
    }
    return url;
  }

  private static @Nullable URI parse(String text) {
    try {
      URI url = new URI(text);
      boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      boolean bare =
          url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null;
      boolean port = url.getPort() == -1 || (url.getPort() > 0 && url.getPort() <= MAX_PORT);
      return web && bare && port && url.getHost() != null ? url : null;
    } catch (URISyntaxException _) {
      return null;
    }
  }
}
