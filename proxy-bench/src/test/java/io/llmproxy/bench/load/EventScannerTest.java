package io.llmproxy.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventScannerTest {
  private static final String STREAM =
      """
      : hello

      data: {"a":"plat=no"}

      id: 7\r
      data: {"t=00000123 d=9"}\r
      \r
      data: [DONE]

      """;

  private final List<Long> stamps = new ArrayList<>();
  private final EventScanner scanner = new EventScanner("t=");

  private void read(String text) {
    ByteBuf in = Unpooled.copiedBuffer(text, UTF_8);
    scanner.read(in, 0, in.readableBytes(), stamps::add);
  }

  private String seen() {
    return scanner.events() + " " + scanner.done() + " " + stamps;
  }

  static IntStream splits() {
    return IntStream.range(1, STREAM.length());
  }

  @ParameterizedTest
  @MethodSource("splits")
  void countsAStreamSplitAnywhere(int at) {
    read(STREAM.substring(0, at));
    read(STREAM.substring(at));
    assertThat(seen()).isEqualTo("2 true [0, 123]");
  }

  @Test
  void countsAStreamByteByByte() {
    for (int i = 0; i < STREAM.length(); i++) {
      read(STREAM.substring(i, i + 1));
    }
    assertThat(seen()).isEqualTo("2 true [0, 123]");
  }

  @Test
  void beginsAnewWhenReset() {
    read(STREAM);
    read("data: half");
    scanner.reset();
    stamps.clear();
    read(STREAM);
    assertThat(seen()).isEqualTo("2 true [0, 123]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: 1\n\n",
        "data: [DONE]\n",
        "data: [DONE]",
        "data: [DONE]x\n\n",
        "data: [DONE]\n\ndata: 1\n\n",
        "data: [DONE]\n\ndata: 1"
      })
  void isNotDoneBefore(String stream) {
    read(stream);
    assertThat(scanner.done()).isFalse();
  }

  @Test
  void countsNoEventThatHasNotEnded() {
    read("data: 1\n\ndata: 2\n");
    assertThat(scanner.events()).isEqualTo(1);
  }

  @Test
  void refusesALineWithoutEnd() {
    String piece = "a".repeat(600_000);
    read(piece);
    assertThatThrownBy(() -> read(piece)).isInstanceOf(DecoderException.class);
  }
}
