package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// What a caller that speaks HTTP/2 by prior knowledge sends, as bytes (RFC 9113).
final class Http2Bytes {

  static final int HEAD_BYTES = 9;
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int GOAWAY = 7;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Http2Bytes() {}

  /// The preface, with empty settings.
  static Http2Bytes begin() {
    Http2Bytes begun = new Http2Bytes();
    begun.out.writeBytes(PREFACE.getBytes(UTF_8));
    return begun.frame(SETTINGS, 0, 0, new byte[0]);
  }

  /// That the other side's settings were heard.
  static byte[] settingsHeard() {
    return new Http2Bytes().frame(SETTINGS, 1, 0, new byte[0]).bytes();
  }

  Http2Bytes frame(int type, int flags, int stream, byte[] payload) {
    return frame(type, flags, stream, payload, payload.length);
  }

  /// A frame that says it has `length` bytes, whatever it has.
  Http2Bytes frame(int type, int flags, int stream, byte[] payload, int length) {
    out.writeBytes(
        ByteBuffer.allocate(HEAD_BYTES)
            .put((byte) (length >>> 16))
            .putShort((short) length)
            .put((byte) type)
            .put((byte) flags)
            .putInt(stream)
            .array());
    out.writeBytes(payload);
    return this;
  }

  /// A request whose fields are neither indexed nor in Huffman code (RFC 7541 section 6.2.2).
  Http2Bytes post(int stream, String path, byte[] body) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    field(block, ":method", "POST");
    field(block, ":scheme", "http");
    field(block, ":path", path);
    field(block, ":authority", "proxy");
    field(block, "content-type", "application/json");
    return frame(HEADERS, END_HEADERS, stream, block.toByteArray())
        .frame(DATA, END_STREAM, stream, body);
  }

  private static void field(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    block.write(name.length());
    block.writeBytes(name.getBytes(UTF_8));
    block.write(value.length());
    block.writeBytes(value.getBytes(UTF_8));
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
