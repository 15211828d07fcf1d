package io.llmproxy.proxy.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A provider that speaks HTTP/2 frame by frame, as a test writes it.
final class RawHttp2Server implements AutoCloseable {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int MAX_CONCURRENT_STREAMS = 3;
  static final int INITIAL_WINDOW_SIZE = 4;
  static final int REFUSED_STREAM = 7;

  /// What happens on one connection.
  @FunctionalInterface
  interface Talk {
    /// Talks to the pool on `peer`.
    ///
    /// @param number which connection it is, from 0
    void on(Peer peer, int number) throws IOException, InterruptedException;
  }

  /// A frame (RFC 9113 section 4.1).
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Frame(int type, int flags, int stream, byte[] payload) {
    boolean endsStream() {
      return (type == DATA || type == HEADERS) && (flags & 1) != 0;
    }

    boolean isAck() {
      return (flags & 1) != 0;
    }
  }

  /// One accepted connection. Writes may come from several threads.
  static final class Peer {
    private final Socket socket;
    private final DataInputStream in;

    Peer(Socket socket) throws IOException {
      this.socket = socket;
      socket.setTcpNoDelay(true);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /// Reads the client's preface and sends the server's, with pairs of identifier and value.
    void begin(int... settings) throws IOException {
      ByteBuffer payload = ByteBuffer.allocate(settings.length / 2 * 6);
      for (int i = 0; i < settings.length; i += 2) {
        payload.putShort((short) settings[i]).putInt(settings[i + 1]);
      }
      write(SETTINGS, 0, 0, payload.array());
      in.readNBytes(24);
    }

    Frame read() throws IOException {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      byte[] payload = new byte[length];
      in.readFully(payload);
      return new Frame(type, flags, stream, payload);
    }

    /// Reads on to the end of a request, acknowledging SETTINGS and PINGs; gives its stream.
    int readRequest() throws IOException {
      while (true) {
        Frame frame = read();
        if (frame.type == SETTINGS && !frame.isAck()) {
          write(SETTINGS, 1, 0, new byte[0]);
        } else if (frame.type == PING && !frame.isAck()) {
          write(PING, 1, 0, frame.payload);
        } else if (frame.endsStream()) {
          return frame.stream;
        }
      }
    }

    /// Reads on to a frame of that type.
    Frame readUntil(int type) throws IOException {
      Frame frame = read();
      while (frame.type != type) {
        frame = read();
      }
      return frame;
    }

    synchronized void write(int type, int flags, int stream, byte... payload) throws IOException {
      ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
      frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
      frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
      socket.getOutputStream().write(frame.array());
    }

    /// A head of status 200: an entry of HPACK's static table (RFC 7541 appendix A).
    void head(int stream) throws IOException {
      write(HEADERS, 4, stream, (byte) 0x88);
    }

    void data(int stream, boolean last, byte... payload) throws IOException {
      write(DATA, last ? 1 : 0, stream, payload);
    }

    void answer(int stream) throws IOException {
      head(stream);
      data(stream, true, (byte) 'o', (byte) 'k');
    }

    /// Begins, and answers whatever comes.
    void answerAll(Runnable onRequest) throws IOException {
      begin();
      while (true) {
        int stream = readRequest();
        onRequest.run();
        answer(stream);
      }
    }

    void goAway(int lastStream, int code) throws IOException {
      write(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(lastStream).putInt(code).array());
    }

    void reset(int stream, int code) throws IOException {
      write(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
    }

    void window(int stream, int bytes) throws IOException {
      write(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    /// Writes what is of another protocol.
    void text(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    DataInputStream in() {
      return in;
    }

    Socket socket() {
      return socket;
    }
  }

  private final ServerSocket listener;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final Talk talk;

  RawHttp2Server(Talk talk) throws IOException {
    this(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), talk);
  }

  RawHttp2Server(ServerSocket listener, Talk talk) {
    this.listener = listener;
    this.talk = talk;
    Thread.startVirtualThread(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        int number = connections.getAndIncrement();
        Thread.startVirtualThread(() -> serve(socket, number));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      talk.on(new Peer(socket), number);
    } catch (EOFException _) {
      // the pool closed
    } catch (IOException | InterruptedException _) {
      // likewise
    }
  }

  int connections() {
    return connections.get();
  }

  int port() {
    return listener.getLocalPort();
  }

  /// Takes no further connection.
  void refuseMore() throws IOException {
    listener.close();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
