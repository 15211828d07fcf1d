package io.llmproxy.proxy.upstream;

import io.llmproxy.provider.wire.Dialect;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.proxy.config.ProviderSettings;
import io.llmproxy.proxy.config.ProviderSettings.Http2;
import io.netty.util.AsciiString;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// A named endpoint of a provider: where it is, how HTTP is spoken to it, and what shows who we
/// are.
///
/// @param name the provider's name in the configuration
/// @param index its place among all upstreams
/// @param asksForUsage whether a stream reports usage only where the request asks for it
/// @param credential field names and values in turn
public record Upstream(
    String name,
    int index,
    String host,
    int port,
    boolean tls,
    Http2 http2,
    AsciiString authority,
    Map<Operation, AsciiString> paths,
    Dialect dialect,
    boolean asksForUsage,
    List<AsciiString> credential) {

  private static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
  private static final AsciiString X_API_KEY = AsciiString.cached("x-api-key");

  /// The upstream a provider's settings describe.
  public static Upstream of(ProviderSettings provider, int index) {
    URI url = provider.baseUrl();
    boolean tls = "https".equals(url.getScheme());
    int port = url.getPort() > 0 ? url.getPort() : tls ? 443 : 80;
    String authority = url.getPort() > 0 ? url.getHost() + ":" + port : url.getHost();
    String host = url.getHost();
    boolean ipv6 = host.startsWith("[");
    return new Upstream(
        provider.name(),
        index,
        ipv6 ? host.substring(1, host.length() - 1) : host,
        port,
        tls,
        provider.http2(),
        AsciiString.of(authority),
        paths(url.getRawPath()),
        dialect(provider),
        asksForUsage(provider),
        credential(provider));
  }

  /// Whether the operation can be asked of this provider in its own dialect.
  public boolean speaks(Operation operation) {
    return operation.dialect() == dialect;
  }

  private static Map<Operation, AsciiString> paths(String base) {
    Map<Operation, AsciiString> paths = new EnumMap<>(Operation.class);
    for (Operation operation : Operation.values()) {
      paths.put(operation, AsciiString.of(base + operation.path()));
    }
    return Map.copyOf(paths);
  }

  private static Dialect dialect(ProviderSettings provider) {
    return switch (provider.kind()) {
      case ANTHROPIC, ANTHROPIC_COMPATIBLE -> Dialect.ANTHROPIC_MESSAGES;
      case OPENAI, GLM, GROQ, GROK, OPENAI_COMPATIBLE -> Dialect.OPENAI_CHAT;
    };
  }

  private static boolean asksForUsage(ProviderSettings provider) {
    return switch (provider.kind()) {
      case OPENAI, GROQ, GROK, OPENAI_COMPATIBLE -> true;
      case GLM, ANTHROPIC, ANTHROPIC_COMPATIBLE -> false;
    };
  }

  private static List<AsciiString> credential(ProviderSettings provider) {
    if (provider.apiKeys().isEmpty()) {
      return List.of();
    }
    String key = provider.apiKeys().getFirst().reveal();
    return switch (provider.kind()) {
      case ANTHROPIC, ANTHROPIC_COMPATIBLE -> List.of(X_API_KEY, AsciiString.of(key));
      case OPENAI, GLM, GROQ, GROK, OPENAI_COMPATIBLE ->
          List.of(AUTHORIZATION, AsciiString.of("Bearer " + key));
    };
  }
}
