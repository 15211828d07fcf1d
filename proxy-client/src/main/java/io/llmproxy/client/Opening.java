package io.llmproxy.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection that is being opened: the name, TCP, TLS, and the protocol. Used on the event
/// loop; tells the pool once.
final class Opening {

  private final Pool pool;
  private final Transport transport;
  private final Endpoint endpoint;
  private @Nullable Channel channel;
  private @Nullable Link link;
  private boolean over;

  /// Whether it was begun knowing that the endpoint speaks HTTP/1.1.
  private final boolean http1;

  Opening(Pool pool, Transport transport) {
    this.pool = pool;
    this.transport = transport;
    this.endpoint = pool.endpoint();
    this.http1 = pool.isHttp1();
  }

  void begin() {
    long most = transport.connectTimeout().toNanos();
    transport.loop().schedule(() -> fail("did not answer in time"), most, TimeUnit.NANOSECONDS);
    transport.resolvers().execute(this::resolve);
  }

  private void resolve() {
    try {
      List<InetAddress> addresses = List.of(InetAddress.getAllByName(endpoint.base().getHost()));
      transport.loop().execute(() -> connect(addresses, 0));
    } catch (UnknownHostException _) {
      transport.loop().execute(() -> fail("has a name that is not known"));
    }
  }

  private void connect(List<InetAddress> addresses, int which) {
    if (over) {
      return;
    }
    Bootstrap bootstrap =
        new Bootstrap()
            .group(transport.loop())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) transport.connectTimeout().toMillis())
            .handler(new Initializer());
    ChannelFuture connected =
        bootstrap.connect(new InetSocketAddress(addresses.get(which), endpoint.port()));
    connected.addListener(future -> {
      if (!future.isSuccess() && which + 1 < addresses.size()) {
        connect(addresses, which + 1);
      } else if (!future.isSuccess()) {
        fail("cannot be reached: " + future.cause().getMessage());
      }
    });
  }

  /// What a new connection begins with.
  private final class Initializer extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel ch) {
      channel = ch;
      if (endpoint.isTls()) {
        SslHandler handler =
            transport
                .tls(endpoint.version())
                .newHandler(ch.alloc(), endpoint.base().getHost(), endpoint.port());
        ch.pipeline().addLast(handler);
        handler.handshakeFuture().addListener(shaken -> shaken(handler, shaken));
      } else if (http1) {
        ch.pipeline().addLast(new HttpClientCodec());
        ch.pipeline().addLast(new Http1Start(Opening.this));
      } else {
        addHttp2(ch);
      }
    }
  }

  private void shaken(SslHandler handler, Future<? super Channel> shaken) {
    Channel ch = channel;
    if (ch == null || over) {
      return;
    }
    if (!shaken.isSuccess()) {
      fail("refused TLS: " + shaken.cause().getMessage());
      return;
    }
    String protocol = handler.applicationProtocol();
    if (ApplicationProtocolNames.HTTP_2.equals(protocol)
        && endpoint.version() != HttpVersion.HTTP_1_1) {
      addHttp2(ch);
    } else if (endpoint.version() == HttpVersion.HTTP_2) {
      fail("does not offer HTTP/2 by ALPN");
    } else {
      pool.choseHttp1();
      ch.pipeline().addLast(new HttpClientCodec());
      ch.pipeline().addLast(new Http1Start(this));
    }
  }

  private void addHttp2(Channel ch) {
    Http2Link made = new Http2LinkBuilder(pool).build();
    link = made;
    ch.pipeline().addLast(made);
  }

  boolean wasHttp1() {
    return http1;
  }

  Http1Link newHttp1Link() {
    return new Http1Link(pool);
  }

  /// A connection of HTTP/1.1 is open.
  void http1(Http1Link made) {
    link = made;
    pool.ready(made);
  }

  /// Whether it is this that made `made`.
  boolean made(Link made) {
    return made.equals(link);
  }

  /// The link is of use: nothing more is to be told.
  void succeed() {
    over = true;
  }

  /// Gives up, and says why.
  void fail(String why) {
    if (over) {
      return;
    }
    over = true;
    if (channel != null) {
      channel.close();
    }
    pool.unopened(this, endpoint + " " + why);
  }
}
