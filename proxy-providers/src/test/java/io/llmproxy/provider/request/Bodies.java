package io.llmproxy.provider.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.json.Texts;
import io.llmproxy.provider.wire.Operation;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Request bodies made from texts, for tests.
final class Bodies {
  private Bodies() {}

  /// A body that arrives in pieces of `size` bytes; not finished.
  static RequestBody open(Operation operation, byte[] text, int size) {
    RequestBody body = RequestBody.of(operation);
    for (int from = 0; from < text.length; from += size) {
      body.add(Texts.direct(text, from, Math.min(text.length, from + size)));
    }
    return body;
  }

  /// A chat's body that was accepted.
  static RequestBody chat(String text) {
    return accepted(Operation.CHAT_COMPLETIONS, text);
  }

  static RequestBody accepted(Operation operation, String text) {
    RequestBody body = open(operation, Texts.utf8(text), 7);
    assertThat(body.finish()).isNull();
    return body;
  }

  static String text(SplicedBody body) {
    return new String(bytes(body), StandardCharsets.UTF_8);
  }

  static byte[] bytes(SplicedBody body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    body.emit(part -> drain(part, bytes));
    assertThat(body.length()).isEqualTo(bytes.size());
    return bytes.toByteArray();
  }

  private static void drain(ByteBuf part, ByteArrayOutputStream into) {
    assertThat(part.isReadable()).isTrue();
    byte[] bytes = new byte[part.readableBytes()];
    part.readBytes(bytes);
    into.writeBytes(bytes);
    part.release();
  }
}
