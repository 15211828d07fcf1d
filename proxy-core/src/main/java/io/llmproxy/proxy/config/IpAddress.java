package io.llmproxy.proxy.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An IP address as its 128 bits; one of IPv4 stands as `::ffff:a.b.c.d` does.
///
/// @param text as the platform writes it
public record IpAddress(long high, long low, String text) {
  private static final long MAPPED = 0xFFFFL << 32;
  private static final Pattern V4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

  /// A literal address, never a name; null for anything else. The zone of a link-local address is
  /// left out.
  public static @Nullable IpAddress read(String text) {
    int zone = text.indexOf('%');
    String plain = zone < 0 ? text : text.substring(0, zone);
    boolean v6 = plain.indexOf(':') >= 0;
    if (!(v6 ? V6 : V4).matcher(plain).matches()) {
      return null;
    }
    try {
      return of(InetAddress.ofLiteral(plain));
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static IpAddress of(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    String text = address.getHostAddress();
    return address instanceof Inet4Address
        ? new IpAddress(0, MAPPED | Integer.toUnsignedLong(bytes.getInt()), text)
        : new IpAddress(bytes.getLong(), bytes.getLong(), text);
  }

  boolean isV4() {
    return high == 0 && low >>> 32 == MAPPED >>> 32;
  }
}
