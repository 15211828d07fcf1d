package io.llmproxy.proxy.admin;

import io.llmproxy.proxy.config.Secret;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Who may ask the admin listener: those who show its token; without one, those on this machine,
/// but not a web page open in a browser there.
final class AdminGate {

  private static final String BEARER = "bearer ";

  private final byte @Nullable [] token;

  AdminGate(@Nullable Secret token) {
    this.token = token == null ? null : token.reveal().getBytes(StandardCharsets.UTF_8);
  }

  /// The refusal, or null for none.
  @Nullable AdminReply refuse(HttpHeaders headers) {
    if (token == null) {
      return refuseWebPage(headers);
    }
    return shown(headers, token)
        ? null
        : AdminReply.error(
            401, "invalid_token", "Send the admin token as: authorization: Bearer TOKEN.");
  }

  private static boolean shown(HttpHeaders headers, byte[] token) {
    String field = headers.get(HttpHeaderNames.AUTHORIZATION, "");
    if (!field.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return false;
    }
    byte[] shown = field.substring(BEARER.length()).trim().getBytes(StandardCharsets.UTF_8);
    // Takes as long for any wrong token as for the right one.
    return MessageDigest.isEqual(token, shown);
  }

  /// A page may make a browser send to loopback, under its own origin or under a name of its own
  /// that resolves to loopback.
  private static @Nullable AdminReply refuseWebPage(HttpHeaders headers) {
    String host = headers.get(HttpHeaderNames.HOST, "");
    if (!isLiteral(host)) {
      return AdminReply.error(
          403, "host_not_allowed", "Without a token ask by IP address or as localhost.");
    }
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    if (origin != null && !origin.equalsIgnoreCase("http://" + host)) {
      return AdminReply.error(403, "origin_not_allowed", "Web pages may not ask here.");
    }
    return null;
  }

  private static boolean isLiteral(String host) {
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end > 0 && NetUtil.isValidIpV6Address(host.substring(1, end));
    }
    int colon = host.indexOf(':');
    String name = colon < 0 ? host : host.substring(0, colon);
    return name.isEmpty()
        || name.toLowerCase(Locale.ROOT).equals("localhost")
        || NetUtil.isValidIpV4Address(name);
  }
}
