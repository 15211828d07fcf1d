package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.Settings.Address;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Addresses to bind, as users write them. Names are not looked up: only a literal address and
/// `localhost` are known to be loopback.
public final class AddressSyntax {
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9-]+)*\\.?");
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");
  private static final int MAX_PORT = 65_535;

  private AddressSyntax() {}

  /// `HOST:PORT`, `[IPV6]:PORT` or `:PORT` (host empty); null for anything else.
  public static @Nullable Address read(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0 || !PORT.matcher(text.substring(colon + 1)).matches()) {
      return null;
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    String host = host(text.substring(0, colon));
    return host == null || port > MAX_PORT ? null : new Address(host, port);
  }

  private static @Nullable String host(String text) {
    if (text.isEmpty()) {
      return text;
    }
    if (text.startsWith("[") && text.endsWith("]")) {
      String inner = text.substring(1, text.length() - 1);
      return inner.contains(":") && literal(inner) != null ? inner : null;
    }
    if (DIGITS_AND_DOTS.matcher(text).matches()) {
      return text.chars().filter(c -> c == '.').count() == 3 && literal(text) != null ? text : null;
    }
    return NAME.matcher(text).matches() && text.length() <= 253 ? text : null;
  }

  static boolean isLoopback(String host) {
    InetAddress literal = literal(host);
    return literal == null ? host.equalsIgnoreCase("localhost") : literal.isLoopbackAddress();
  }

  /// Whether a socket bound to this host answers on every address of the machine.
  static boolean isWildcard(String host) {
    InetAddress literal = literal(host);
    return literal != null && literal.isAnyLocalAddress();
  }

  private static @Nullable InetAddress literal(String host) {
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /// The address as a URL writes it: IPv6 in brackets.
  public static String shown(Address address) {
    boolean bare = !address.host().contains(":");
    return (bare ? address.host() : "[" + address.host() + "]") + ":" + address.port();
  }
}
