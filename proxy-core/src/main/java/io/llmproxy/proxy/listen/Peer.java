package io.llmproxy.proxy.listen;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/// Names the other end of a connection.
final class Peer {

  private Peer() {}

  /// The IP address, without port.
  static String of(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : "local";
  }
}
