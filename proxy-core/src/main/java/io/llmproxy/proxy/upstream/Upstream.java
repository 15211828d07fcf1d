package io.llmproxy.proxy.upstream;

import io.llmproxy.provider.wire.Operation;
import io.llmproxy.proxy.config.ProviderSettings;
import io.llmproxy.proxy.config.ProviderSettings.Http2;
import io.netty.util.AsciiString;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;

/// A named endpoint of a provider: where it is, how HTTP is spoken to it, and what shows who we
/// are.
///
/// @param name the provider's name in the configuration
/// @param index its place among all upstreams
/// @param credentials of which each request bears one
public record Upstream(
    String name,
    int index,
    String host,
    int port,
    boolean tls,
    Http2 http2,
    AsciiString authority,
    Map<Operation, AsciiString> paths,
    Credentials credentials) {

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
        Credentials.of(provider));
  }

  /// What a request is to bear that is given the key at the place.
  public Credential credential(int key) {
    return credentials.get(key);
  }

  private static Map<Operation, AsciiString> paths(String base) {
    Map<Operation, AsciiString> paths = new EnumMap<>(Operation.class);
    for (Operation operation : Operation.values()) {
      paths.put(operation, AsciiString.of(base + operation.path()));
    }
    return Map.copyOf(paths);
  }
}
