package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Speaks HTTP/1.1 on a plain socket: what is sent is what the test wrote, what is received is told
/// with the way it ended.
final class Http1Caller implements Caller {

  private static final int CHUNK_BYTES = 60_000;
  private static final int PATIENCE_MILLIS = 20_000;

  /// Status line and fields of a reply.
  record Head(int status, Map<String, String> fields) {
    boolean isChunked() {
      return fields.getOrDefault("transfer-encoding", "").equals("chunked");
    }
  }

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  Http1Caller(InetSocketAddress to) throws IOException {
    this(to, 0);
  }

  /// @param receiveBytes the socket's buffer; 0 leaves it to the system
  Http1Caller(InetSocketAddress to, int receiveBytes) throws IOException {
    socket = new Socket();
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(to);
    in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
    out = socket.getOutputStream();
  }

  Socket socket() {
    return socket;
  }

  /// The bytes behind what was read so far.
  InputStream in() {
    return in;
  }

  /// Sends text as it stands, a byte a character.
  void write(String text) throws IOException {
    write(text.getBytes(ISO_8859_1));
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  @Override
  public Answer send(Ask ask) throws IOException {
    try {
      write(ask);
    } catch (SocketException _) {
      // Refused before all was sent: the reply says why.
    }
    return read(ask.method().equals("HEAD"));
  }

  /// Sends a request whole.
  void write(Ask ask) throws IOException {
    byte[] body = ask.body();
    write(head(ask));
    if (ask.announced()) {
      write(body);
      return;
    }
    for (int from = 0; from < body.length; from += CHUNK_BYTES) {
      int size = Math.min(CHUNK_BYTES, body.length - from);
      out.write((Integer.toHexString(size) + "\r\n").getBytes(ISO_8859_1));
      out.write(body, from, size);
      out.write("\r\n".getBytes(ISO_8859_1));
    }
    write("0\r\n\r\n");
  }

  /// The head alone, with the framing of its body.
  static String head(Ask ask) {
    StringBuilder head = new StringBuilder();
    head.append(ask.method()).append(' ').append(ask.path()).append(" HTTP/1.1\r\nhost: proxy\r\n");
    List<String> fields = ask.fields();
    for (int i = 0; i < fields.size(); i += 2) {
      head.append(fields.get(i)).append(": ").append(fields.get(i + 1)).append("\r\n");
    }
    if (!ask.announced()) {
      head.append("transfer-encoding: chunked\r\n");
    } else if (ask.body().length > 0) {
      head.append("content-length: ").append(ask.body().length).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  /// Reads one reply, interim ones passed over.
  Answer read(boolean toHead) throws IOException {
    Head head = readHead();
    while (head.status() < 200) {
      head = readHead();
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    Ending ending = toHead ? Ending.WHOLE : readBody(head, body);
    return new Answer(head.status(), head.fields(), body.toByteArray(), ending);
  }

  Head readHead() throws IOException {
    String line = readLine();
    if (!line.startsWith("HTTP/1.1 ")) {
      throw new IOException("no status line: " + line);
    }
    int status = Integer.parseInt(line.substring(9, 12));
    Map<String, String> fields = new LinkedHashMap<>();
    for (line = readLine(); !line.isEmpty(); line = readLine()) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      fields.merge(name, line.substring(colon + 1).strip(), (a, b) -> a + "," + b);
    }
    return new Head(status, fields);
  }

  private Ending readBody(Head head, ByteArrayOutputStream body) throws IOException {
    try {
      if (head.isChunked()) {
        while (readChunk(body)) {
          // each turn reads a chunk
        }
      } else if (head.fields().containsKey("content-length")) {
        readExactly(Integer.parseInt(head.fields().get("content-length")), body);
      } else {
        in.transferTo(body);
      }
      return Ending.WHOLE;
    } catch (EOFException _) {
      return Ending.CUT;
    } catch (SocketException _) {
      return Ending.RESET;
    }
  }

  /// Reads one chunk; false where it is the last one, of no bytes.
  boolean readChunk(OutputStream body) throws IOException {
    int size = Integer.parseInt(readLine(), 16);
    readExactly(size, body);
    String end = readLine();
    if (!end.isEmpty()) {
      throw new IOException("chunk does not end in CR LF but in " + end);
    }
    return size > 0;
  }

  private void readExactly(int count, OutputStream to) throws IOException {
    byte[] piece = new byte[Math.min(count, 64 << 10)];
    int left = count;
    while (left > 0) {
      int read = in.read(piece, 0, Math.min(left, piece.length));
      if (read < 0) {
        throw new EOFException("closed with " + left + " bytes to come");
      }
      to.write(piece, 0, read);
      left -= read;
    }
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    int b = in.read();
    while (b != '\n') {
      if (b < 0) {
        throw new EOFException("closed behind " + line);
      }
      line.append((char) b);
      b = in.read();
    }
    if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
      throw new IOException("line does not end in CR LF: " + line);
    }
    line.setLength(line.length() - 1);
    return line.toString();
  }

  /// Whether the other side ends the connection, cleanly or not, within the socket's patience.
  boolean isEnded() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException _) {
      return true;
    }
  }

  /// Closes with a reset.
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    close();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
