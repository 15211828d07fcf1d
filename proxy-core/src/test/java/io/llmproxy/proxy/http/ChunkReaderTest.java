package io.llmproxy.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkReaderTest {

  private static final String BODY =
      "5\r\nhello\r\n7;x=\"y\"\r\n, world\r\n1\r\n!\r\n0\r\nx-t: 1\r\n\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "g\r\n",
        "\r\n",
        ";\r\n",
        "-1\r\n",
        "0x5\r\n",
        " 5\r\nhello",
        "5\nhello",
        "5\r\r",
        "5\r\nhelloX",
        "5\r\nhello\r5",
        "123456789\r\n",
        "5;a\n",
        "0\r\n\n",
        "0\r\nx\n",
        "0\r\n\r\r"
      })
  void refusesMalformedFraming(String text) {
    ChunkReader reader = new ChunkReader();
    assertThat(reader.read(bytes(text))).isFalse();
  }

  @Test
  void refusesEndlessExtensionsAndTrailers() {
    assertThat(new ChunkReader().read(bytes("5;" + "a".repeat(9000)))).isFalse();
    assertThat(new ChunkReader().read(bytes("0\r\n" + "a".repeat(9000)))).isFalse();
  }

  @Test
  void givesTheDataOfAllChunksInOneBufferAsOnePiece() {
    ByteBuf in = bytes(BODY);
    ChunkReader reader = new ChunkReader();
    assertThat(reader.read(in)).isTrue();
    assertThat(in.toString(reader.dataStart(), reader.dataEnd() - reader.dataStart(), ISO_8859_1))
        .isEqualTo("hello, world!");
    assertThat(reader.isDone()).isTrue();
    assertThat(in.isReadable()).isFalse();
  }

  @Test
  void leavesWhatFollowsTheBodyUnread() {
    ByteBuf in = bytes(BODY + "GET / HTTP/1.1\r\n");
    ChunkReader reader = new ChunkReader();
    assertThat(reader.read(in)).isTrue();
    assertThat(in.toString(ISO_8859_1)).isEqualTo("GET / HTTP/1.1\r\n");
  }

  @Test
  void readsTheSameWhereverTheBytesAreCut() {
    for (int first = 0; first <= BODY.length(); first++) {
      for (int second = first; second <= BODY.length(); second += 3) {
        ChunkReader reader = new ChunkReader();
        String data =
            read(reader, BODY.substring(0, first))
                + read(reader, BODY.substring(first, second))
                + read(reader, BODY.substring(second));
        assertThat(data).as("cut at %s and %s", first, second).isEqualTo("hello, world!");
        assertThat(reader.isDone()).isTrue();
      }
    }
  }

  @Test
  void readsAnotherBodyAfterReset() {
    ChunkReader reader = new ChunkReader();
    read(reader, BODY);
    reader.reset();
    assertThat(read(reader, BODY)).isEqualTo("hello, world!");
  }

  private static String read(ChunkReader reader, String text) {
    ByteBuf in = bytes(text);
    assertThat(reader.read(in)).isTrue();
    return in.toString(reader.dataStart(), reader.dataEnd() - reader.dataStart(), ISO_8859_1);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }
}
