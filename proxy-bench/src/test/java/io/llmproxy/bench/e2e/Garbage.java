package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/// What nobody should send, drawn by number from a seed: noise, requests with some bytes changed,
/// heads that two servers could understand differently, frames out of place.
final class Garbage {

  private static final Ask ASK = Ask.of("openai/sim-echo", true);
  private static final byte[] HTTP1 =
      (Http1Caller.head(ASK) + new String(ASK.body(), ISO_8859_1)).getBytes(ISO_8859_1);
  private static final byte[] HTTP2 = Http2Bytes.begin().post(1, ASK.path(), ASK.body()).bytes();
  private static final List<String> LINES =
      List.of(
          "GET / HTTP/1.1\r\n",
          "POST /v1/chat/completions HTTP/1.1\r\n",
          "GET  /  HTTP/1.1\r\n",
          "GET /\r\n",
          "FOO /\0 HTTP/1.1\r\n",
          "GET http://a@b/ HTTP/1.1\r\n",
          "GET / HTTP/9.9\r\n",
          "CONNECT a:1 HTTP/1.1\r\n",
          "* * *\r\n",
          "GET / HTTP/1.1\n",
          "\r\n\r\n\r\n");
  private static final List<String> FIELDS =
      List.of(
          "host: a\r\n",
          "host: a\r\nhost: b\r\n",
          "content-length: 5\r\n",
          "content-length: -1\r\n",
          "content-length: 99999999999999999999\r\n",
          "content-length: +5\r\n",
          "content-length: 5, 6\r\n",
          "transfer-encoding: chunked\r\n",
          "transfer-encoding: chunked, identity\r\n",
          "transfer-encoding: \u000bchunked\r\n",
          "transfer-encoding : chunked\r\n",
          " folded\r\n",
          ": nameless\r\n",
          "a\0b: c\r\n",
          "expect: 100-continue\r\n",
          "connection: upgrade\r\nupgrade: h2c\r\n",
          "x: " + "y".repeat(9000) + "\r\n",
          "\n",
          "\r",
          "\u0080\u00ff: \u00ff\r\n",
          "content-type: application/json\r\n");
  private static final List<String> BODIES =
      List.of(
          "",
          "hello",
          "5\r\nhello\r\n0\r\n\r\n",
          "zz\r\n",
          "-1\r\n\r\n",
          "5;a=\"\r\n\"\r\nhello",
          "ffffffffffffffff\r\n",
          "0\r\nx: y\r\n\r\n",
          "{\"model\":",
          "[".repeat(500),
          "\u00ff\u00fe");

  private final long seed;
  private final byte[] hello;

  /// @param tls whether the port speaks TLS
  Garbage(long seed, boolean tls) {
    this.seed = seed;
    this.hello = tls ? clientHello() : new byte[0];
  }

  /// The input of that number.
  byte[] input(int number) {
    SplittableRandom random = new SplittableRandom(seed + number * 0x9e3779b97f4a7c15L);
    if (hello.length > 0) {
      return random.nextInt(4) == 0 ? noise(random, 400) : changed(random, hello);
    }
    return switch (random.nextInt(6)) {
      case 0 -> noise(random, 400);
      case 1 -> changed(random, HTTP1);
      case 2, 3 -> head(random);
      case 4 -> changed(random, HTTP2);
      default -> frames(random);
    };
  }

  private static byte[] noise(SplittableRandom random, int most) {
    byte[] bytes = new byte[random.nextInt(1, most)];
    random.nextBytes(bytes);
    return bytes;
  }

  /// A few changes: other bits, bytes left out, said twice or put in between, an early end.
  private static byte[] changed(SplittableRandom random, byte[] right) {
    byte[] bytes = right.clone();
    int changes = random.nextInt(1, 6);
    for (int i = 0; i < changes && bytes.length > 1; i++) {
      int at = random.nextInt(bytes.length);
      int to = Math.min(bytes.length, at + random.nextInt(1, 20));
      switch (random.nextInt(6)) {
        case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = spliced(bytes, at, to, new byte[0]);
        case 3 -> bytes = spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
        case 4 -> bytes = spliced(bytes, at, at, noise(random, 8));
        default -> bytes = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at + 1) : bytes;
      }
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] instead) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    out.writeBytes(instead);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }

  private static byte[] head(SplittableRandom random) {
    StringBuilder head = new StringBuilder(pick(random, LINES));
    int fields = random.nextInt(6);
    for (int i = 0; i < fields; i++) {
      head.append(pick(random, FIELDS));
    }
    head.append(random.nextInt(8) == 0 ? "" : "\r\n").append(pick(random, BODIES));
    return head.toString().getBytes(ISO_8859_1);
  }

  private static String pick(SplittableRandom random, List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static byte[] frames(SplittableRandom random) {
    Http2Bytes bytes = Http2Bytes.begin();
    int frames = random.nextInt(1, 12);
    for (int i = 0; i < frames; i++) {
      byte[] payload = random.nextInt(4) == 0 ? new byte[0] : noise(random, 70);
      int length = random.nextInt(8) == 0 ? random.nextInt(1 << 24) : payload.length;
      int type = random.nextInt(12);
      int stream = random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(4);
      bytes.frame(type, random.nextInt(256), stream, payload, length);
      if (random.nextInt(6) == 0) {
        bytes.post(random.nextInt(8), ASK.path(), ASK.body());
      }
    }
    return bytes.bytes();
  }

  private static byte[] clientHello() {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine("localhost", 443);
      engine.setUseClientMode(true);
      engine.beginHandshake();
      ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), out);
      return Arrays.copyOf(out.array(), out.position());
    } catch (SSLException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
