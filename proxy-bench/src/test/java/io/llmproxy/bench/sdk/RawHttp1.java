package io.llmproxy.bench.sdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;

/// One connection that speaks HTTP/1.1 as a test writes it, byte by byte.
final class RawHttp1 implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  RawHttp1(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
  }

  static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nhost: proxy\r\n\r\n";
  }

  static String post(String path, String body) {
    return "POST %s HTTP/1.1\r\nhost: proxy\r\ncontent-type: application/json\r\n".formatted(path)
        + "content-length: %d\r\n\r\n%s".formatted(body.getBytes(UTF_8).length, body);
  }

  RawHttp1 send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
    socket.getOutputStream().flush();
    return this;
  }

  /// Reads until what was read since the last call contains `text`, or the connection ends.
  String readTo(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (!bytes.toString(UTF_8).contains(text)) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      bytes.write(next);
    }
    return bytes.toString(UTF_8);
  }

  /// Reads to the end of the connection.
  String readToEnd() throws IOException {
    return new String(in.readAllBytes(), UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
