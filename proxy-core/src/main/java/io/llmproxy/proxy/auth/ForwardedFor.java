package io.llmproxy.proxy.auth;

import io.llmproxy.proxy.config.IpAddress;
import io.llmproxy.proxy.config.Network;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// For whom trusted proxies ask, as `x-forwarded-for` and `forwarded` (RFC 7239) tell it. Read from
/// the right: what stands left of the first address that is not trusted, anybody can have written.
public final class ForwardedFor {

  private final List<Network> trusted;

  public ForwardedFor(List<Network> trusted) {
    this.trusted = trusted;
  }

  /// The address of who asks.
  ///
  /// @param peer the other end of the connection
  /// @param list the value of `x-forwarded-for`; null for none
  /// @param forwarded the value of `forwarded`, which counts where `list` is null; null for none
  public String of(String peer, @Nullable CharSequence list, @Nullable CharSequence forwarded) {
    CharSequence told = list == null ? forwarded : list;
    IpAddress address = trusted.isEmpty() || told == null ? null : IpAddress.read(peer);
    if (address == null || told == null || !isTrusted(address)) {
      return peer;
    }
    String text = told.toString();
    int end = text.length();
    while (end >= 0 && isTrusted(address)) {
      int comma = text.lastIndexOf(',', end - 1);
      String element = text.substring(comma + 1, end);
      IpAddress before = address(list == null ? forOf(element) : element);
      if (before == null) {
        return address.text();
      }
      address = before;
      end = comma;
    }
    return address.text();
  }

  private boolean isTrusted(IpAddress address) {
    for (int i = 0; i < trusted.size(); i++) {
      if (trusted.get(i).contains(address)) {
        return true;
      }
    }
    return false;
  }

  /// The `for` of one element of `forwarded`; empty for none.
  private static String forOf(String element) {
    for (String pair : element.split(";", -1)) {
      String stripped = pair.strip();
      if (stripped.regionMatches(true, 0, "for=", 0, 4)) {
        return stripped.substring(4).replace("\"", "");
      }
    }
    return "";
  }

  /// An address with or without port: `1.2.3.4`, `1.2.3.4:5`, `2001:db8::1`, `[2001:db8::1]:5`.
  private static @Nullable IpAddress address(String written) {
    String text = written.strip();
    int bracket = text.indexOf(']');
    if (text.startsWith("[") && bracket > 0) {
      return IpAddress.read(text.substring(1, bracket));
    }
    int colon = text.indexOf(':');
    boolean hasPort = colon >= 0 && colon == text.lastIndexOf(':');
    return IpAddress.read(hasPort ? text.substring(0, colon) : text);
  }
}
