package io.llmproxy.bench.sdk;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// A client's TLS sockets, with what each agreed on by ALPN.
final class WatchedSockets extends SSLSocketFactory {

  private final SSLSocketFactory real;
  private final List<SSLSocket> opened = new CopyOnWriteArrayList<>();

  WatchedSockets(SSLContext context) {
    real = context.getSocketFactory();
  }

  /// The protocols of all sockets opened so far.
  List<String> protocols() {
    return opened.stream().map(SSLSocket::getApplicationProtocol).toList();
  }

  private Socket watched(Socket socket) {
    opened.add((SSLSocket) socket);
    return socket;
  }

  @Override
  public Socket createSocket(Socket under, String host, int port, boolean autoClose)
      throws IOException {
    return watched(real.createSocket(under, host, port, autoClose));
  }

  @Override
  public Socket createSocket() throws IOException {
    return watched(real.createSocket());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return watched(real.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return watched(real.createSocket(host, port, local, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return watched(real.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return watched(real.createSocket(host, port, local, localPort));
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return real.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return real.getSupportedCipherSuites();
  }
}
