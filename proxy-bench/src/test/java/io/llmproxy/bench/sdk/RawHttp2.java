package io.llmproxy.bench.sdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One connection that speaks HTTP/2 frame by frame (RFC 9113), so that a test sees what no client
/// library shows: GOAWAY, RST_STREAM, the end of the connection.
final class RawHttp2 implements AutoCloseable {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;

  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int PATIENCE_MILLIS = 20_000;

  /// One frame as it came.
  @SuppressWarnings("ArrayRecordComponent") // read once, compared by nobody
  record Frame(int type, int flags, int stream, byte[] payload) {
    boolean endsStream() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    String text() {
      return new String(payload, UTF_8);
    }

    /// The number in four bytes that start at `at`.
    int number(int at) {
      return Unpooled.wrappedBuffer(payload).getInt(at);
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
  private final List<Frame> seen = new ArrayList<>();
  private boolean mute;

  RawHttp2(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(UTF_8));
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  /// By prior knowledge, in cleartext.
  static RawHttp2 to(int port) throws IOException {
    return new RawHttp2(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  void get(int stream, String path) throws IOException {
    frame(HEADERS, END_STREAM | END_HEADERS, stream, head("GET", path));
  }

  void post(int stream, String path, String body) throws IOException {
    frame(HEADERS, END_HEADERS, stream, head("POST", path));
    frame(DATA, END_STREAM, stream, body.getBytes(UTF_8));
  }

  /// Acknowledges no more pings, as if they were still on their way.
  void mute() {
    mute = true;
  }

  /// Lets the other side send `bytes` more on a stream; 0 is the connection.
  void window(int stream, int bytes) throws IOException {
    frame(WINDOW_UPDATE, 0, stream, Unpooled.buffer(4).writeInt(bytes).array());
  }

  /// Fields without index and without Huffman code (RFC 7541 section 6.2.2).
  private static byte[] head(String method, String path) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    field(block, ":method", method);
    field(block, ":scheme", "http");
    field(block, ":path", path);
    field(block, ":authority", "proxy");
    field(block, "content-type", "application/json");
    return block.toByteArray();
  }

  private static void field(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    block.write(name.length());
    block.writeBytes(name.getBytes(UTF_8));
    block.write(value.length());
    block.writeBytes(value.getBytes(UTF_8));
  }

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    out.writeByte(payload.length >>> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
  }

  /// The next frame; null once the connection has ended. Settings and pings are acknowledged.
  @Nullable Frame next() throws IOException {
    Frame frame;
    try {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      frame = new Frame(in.read(), in.read(), in.readInt(), in.readNBytes(length));
    } catch (EOFException | SocketException _) {
      return null;
    }
    if (frame.type == SETTINGS && (frame.flags & ACK) == 0) {
      frame(SETTINGS, ACK, 0, new byte[0]);
    } else if (frame.type == PING && !mute) {
      frame(PING, ACK, 0, frame.payload);
    }
    seen.add(frame);
    return frame;
  }

  /// Reads until a frame is as wanted; null where the connection ended first.
  @Nullable Frame readTo(Predicate<Frame> wanted) throws IOException {
    Frame frame = next();
    while (frame != null && !wanted.test(frame)) {
      frame = next();
    }
    return frame;
  }

  /// Reads to the end of the connection.
  RawHttp2 readToEnd() throws IOException {
    readTo(_ -> false);
    return this;
  }

  /// All frames read so far on a stream; 0 for those of the connection.
  List<Frame> seen(int stream) {
    return seen.stream().filter(frame -> frame.stream == stream).toList();
  }

  /// The text of all DATA read so far on a stream.
  String body(int stream) {
    StringBuilder text = new StringBuilder();
    seen(stream).stream().filter(f -> f.type == DATA).forEach(f -> text.append(f.text()));
    return text.toString();
  }

  /// To be called once for each HEADERS frame in the order they came: HPACK has a memory.
  Http2Headers fields(Frame headers) throws Http2Exception {
    return decoder.decodeHeaders(headers.stream, Unpooled.wrappedBuffer(headers.payload));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
