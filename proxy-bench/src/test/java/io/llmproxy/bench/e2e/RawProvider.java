package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A provider that says exactly what a test writes, a connection at a time or many.
final class RawProvider implements AutoCloseable {

  static final String JSON = "{\"id\":\"raw\",\"choices\":[]}";

  /// What happens on one connection.
  @FunctionalInterface
  interface Talk {
    /// Talks to the proxy on `line`.
    ///
    /// @param number which connection it is, from 0
    void on(Line line, int number) throws IOException, InterruptedException;
  }

  /// One accepted connection.
  static final class Line {
    private final Socket socket;
    private final InputStream in;
    private final AtomicInteger requests;
    private String head = "";
    private String body = "";

    Line(Socket socket, AtomicInteger requests) throws IOException {
      this.socket = socket;
      this.requests = requests;
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
    }

    /// Reads a whole request; false where the connection ended instead.
    boolean readRequest() throws IOException {
      StringBuilder read = new StringBuilder();
      while (read.indexOf("\r\n\r\n") < 0) {
        int b = in.read();
        if (b < 0) {
          return false;
        }
        read.append((char) b);
      }
      head = read.toString();
      String length = head.substring(head.indexOf("content-length: ") + 16);
      byte[] bytes = in.readNBytes(Integer.parseInt(length.substring(0, length.indexOf('\r'))));
      body = new String(bytes, UTF_8);
      requests.incrementAndGet();
      return true;
    }

    /// The head of the request read last.
    String head() {
      return head;
    }

    /// The body of the request read last.
    String body() {
      return body;
    }

    void write(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /// Writes bytes as they stand, in two pieces that the proxy meets one after the other.
    void writeSplit(byte[] bytes, int at) throws IOException, InterruptedException {
      socket.getOutputStream().write(bytes, 0, at);
      Thread.sleep(1);
      socket.getOutputStream().write(bytes, at, bytes.length - at);
    }

    /// A whole answer that leaves the connection open.
    void writeAnswer() throws IOException {
      write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ");
      write(JSON.length() + "\r\n\r\n" + JSON);
    }

    /// Ends the connection with a reset.
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  private final ServerSocket listener;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Talk talk = (_, _) -> {};

  RawProvider() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        Talk now = talk;
        int number = connections.getAndIncrement();
        Thread.startVirtualThread(() -> serve(socket, now, number));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void serve(Socket socket, Talk now, int number) {
    try (socket) {
      now.on(new Line(socket, requests), number);
    } catch (IOException | InterruptedException _) {
      // the proxy closed first
    }
  }

  /// Has further connections talk so, counted anew; those that are open are ended.
  void script(Talk next) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    sockets.clear();
    requests.set(0);
    connections.set(0);
    talk = next;
  }

  /// Requests read since the script was set.
  int requests() {
    return requests.get();
  }

  /// Connections accepted since then.
  int connections() {
    return connections.get();
  }

  int port() {
    return listener.getLocalPort();
  }

  String baseUrl() {
    return "http://127.0.0.1:" + port() + "/v1";
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
