package io.llmproxy.bench.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;

/// Asks over HTTP/1.1 on a connection of its own, and writes down every byte that came, however it
/// ended: a client that drops what it had received of a body that breaks off would hide what the
/// caller was told.
final class FaultCaller {

  private static final int PATIENCE_MILLIS = 40_000;

  private FaultCaller() {}

  static Transcript ask(URI uri, AskedDialect dialect, boolean streamed, String body) {
    long begun = System.nanoTime();
    ByteArrayOutputStream reply = new ByteArrayOutputStream();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(request(uri, body));
      read(socket.getInputStream(), reply);
    } catch (IOException _) {
      // there was no answer, or not all of it: the transcript says so
    }
    long nanos = System.nanoTime() - begun;
    String text = reply.toString(ISO_8859_1);
    int head = text.indexOf("\r\n\r\n");
    if (head < 0 || !text.startsWith("HTTP/1.1 ")) {
      return new Transcript(dialect, streamed, 0, "", false, nanos);
    }
    int status = Integer.parseInt(text.substring(9, 12));
    Body read = Body.of(text.substring(0, head), text.substring(head + 4));
    String told = new String(read.text().getBytes(ISO_8859_1), UTF_8);
    return new Transcript(dialect, streamed, status, told, read.clean(), nanos);
  }

  static byte[] request(URI uri, String body) {
    byte[] bytes = body.getBytes(UTF_8);
    String head =
        """
        POST %s HTTP/1.1
        host: %s
        connection: close
        content-type: application/json
        authorization: Bearer of-nobody
        anthropic-version: 2023-06-01
        content-length: %d

        """
            .formatted(uri.getPath(), uri.getAuthority(), bytes.length)
            .replace("\n", "\r\n");
    return (head + body).getBytes(UTF_8);
  }

  private static void read(InputStream in, ByteArrayOutputStream into) throws IOException {
    byte[] bytes = new byte[16 * 1024];
    for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
      into.write(bytes, 0, n);
    }
  }

  /// A body without its framing, a character a byte.
  ///
  /// @param clean whether it ended as its framing says
  record Body(String text, boolean clean) {

    static Body of(String head, String rest) {
      String fields = head.toLowerCase(Locale.ROOT);
      if (fields.contains("\r\ntransfer-encoding: chunked")) {
        return ofChunks(rest);
      }
      int at = fields.indexOf("\r\ncontent-length: ");
      if (at < 0) {
        return new Body(rest, false);
      }
      String length = fields.substring(at + "\r\ncontent-length: ".length()).split("\r\n", 2)[0];
      return new Body(rest, rest.length() == Integer.parseInt(length.strip()));
    }

    private static Body ofChunks(String rest) {
      StringBuilder text = new StringBuilder();
      int at = 0;
      while (true) {
        int line = rest.indexOf("\r\n", at);
        if (line < 0) {
          return new Body(text.toString(), false);
        }
        int size = Integer.parseInt(rest.substring(at, line).strip(), 16);
        int end = line + 2 + size;
        if (size == 0) {
          return new Body(text.toString(), rest.startsWith("\r\n", end));
        }
        text.append(rest, line + 2, Math.min(end, rest.length()));
        if (end + 2 > rest.length()) {
          return new Body(text.toString(), false);
        }
        at = end + 2;
      }
    }
  }
}
