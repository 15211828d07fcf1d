package io.llmproxy.proxy.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The addresses that share their first bits.
///
/// @param bits how many of the 128 of [IpAddress]
public record Network(long high, long low, int bits) {
  private static final int V4_OFFSET = 96;
  private static final Pattern BITS = Pattern.compile("[0-9]{1,3}");

  /// `ADDRESS/BITS` or one address; null for anything else, and where bits are set after the
  /// network's own.
  public static @Nullable Network read(String text) {
    int slash = text.indexOf('/');
    IpAddress address = IpAddress.read(slash < 0 ? text : text.substring(0, slash));
    String bits = slash < 0 ? "" : text.substring(slash + 1);
    if (address == null || (slash >= 0 && !BITS.matcher(bits).matches())) {
      return null;
    }
    int offset = address.isV4() ? V4_OFFSET : 0;
    int all = slash < 0 ? 128 : offset + Integer.parseInt(bits);
    Network network = new Network(address.high(), address.low(), all);
    return all <= 128 && network.isAligned() ? network : null;
  }

  private boolean isAligned() {
    return (high & ~mask(bits)) == 0 && (low & ~mask(bits - 64)) == 0;
  }

  /// Whether the address is one of these.
  public boolean contains(IpAddress address) {
    return ((address.high() ^ high) & mask(bits)) == 0
        && ((address.low() ^ low) & mask(bits - 64)) == 0;
  }

  /// The first bits of 64.
  private static long mask(int bits) {
    return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << (64 - bits);
  }
}
