package io.llmproxy.provider.resume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.wire.Dialect;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A stream cut anywhere and told anew comes to the same answer, and never to another.
final class ResumableStreamTest {

  /// What a caller received.
  private final StringBuilder out = new StringBuilder();

  private void feed(ResumableStream stream, byte[] bytes) {
    stream.read(
        Unpooled.wrappedBuffer(bytes),
        part -> {
          out.append(part.toString(UTF_8));
          part.release();
        });
  }

  private static ResumableStream stream(Dialect dialect) {
    return new ResumableStream(dialect, ByteBufAllocator.DEFAULT);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void aStreamThatIsNotCutIsGivenAsItIs(Dialect dialect) {
    byte[] told = Tellings.first(dialect).getBytes(UTF_8);
    ResumableStream stream = stream(dialect);
    for (byte each : told) {
      feed(stream, new byte[] {each});
    }
    assertThat(out).hasToString(Tellings.first(dialect));
    assertThat(stream.isDone()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void aStreamThatIsCutAnywhereGoesOnWithAnotherTellingOfTheSame(Dialect dialect) {
    byte[] first = Tellings.first(dialect).getBytes(UTF_8);
    byte[] second = Tellings.second(dialect).getBytes(UTF_8);
    Map<String, String> wanted = Tellings.texts(dialect, Tellings.first(dialect));
    assertThat(Tellings.texts(dialect, Tellings.second(dialect))).isEqualTo(wanted);
    for (int cut = 0; cut < first.length; cut++) {
      out.setLength(0);
      ResumableStream stream = stream(dialect);
      feed(stream, Arrays.copyOf(first, cut));
      if (stream.isDone()) {
        continue;
      }
      assertThat(out.isEmpty() || out.toString().endsWith("\n\n")).as("whole records").isTrue();
      stream.restart(false);
      feed(stream, second);
      String at = "cut at " + cut + ": " + out;
      assertThat(stream.hasDisagreed()).as(at).isFalse();
      assertThat(stream.isDone()).as(at).isTrue();
      assertThat(Tellings.texts(dialect, out.toString())).as(at).isEqualTo(wanted);
      assertThat(Tellings.ends(dialect, out.toString())).as(at).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void aSecondCutIsMendedByAThirdTelling(Dialect dialect) {
    byte[] first = Tellings.first(dialect).getBytes(UTF_8);
    byte[] second = Tellings.second(dialect).getBytes(UTF_8);
    Map<String, String> wanted = Tellings.texts(dialect, Tellings.first(dialect));
    for (int cut = 40; cut < second.length; cut += 7) {
      out.setLength(0);
      ResumableStream stream = stream(dialect);
      feed(stream, Arrays.copyOf(first, first.length / 3));
      stream.restart(false);
      feed(stream, Arrays.copyOf(second, cut));
      if (!stream.isDone()) {
        stream.restart(false);
        feed(stream, first);
      }
      assertThat(Tellings.texts(dialect, out.toString())).as("cut at " + cut).isEqualTo(wanted);
      assertThat(Tellings.ends(dialect, out.toString())).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void whereTheTellingsDifferNothingMoreIsGiven(Dialect dialect) {
    byte[] first = Tellings.first(dialect).getBytes(UTF_8);
    String other = Tellings.second(dialect).replace("wor", "wol");
    int disagreements = 0;
    for (int cut = 0; cut < first.length; cut++) {
      out.setLength(0);
      ResumableStream stream = stream(dialect);
      feed(stream, Arrays.copyOf(first, cut));
      String before = out.toString();
      if (stream.isDone() || !before.contains("world")) {
        continue;
      }
      stream.restart(false);
      feed(stream, other.getBytes(UTF_8));
      assertThat(stream.hasDisagreed()).as("cut at " + cut).isTrue();
      assertThat(stream.isDone()).isFalse();
      assertThat(out).hasToString(before);
      disagreements++;
    }
    assertThat(disagreements).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void aTellingThatIsShorterDiffers(Dialect dialect) {
    byte[] first = Tellings.first(dialect).getBytes(UTF_8);
    ResumableStream stream = stream(dialect);
    feed(stream, Arrays.copyOf(first, first.length * 2 / 3));
    stream.restart(false);
    String told = Tellings.second(dialect);
    List<String> records = new ArrayList<>(List.of(told.split("(?<=\n\n)", -1)));
    int most = records.size() - 2;
    records.subList(3, most).clear();
    feed(stream, String.join("", records).getBytes(UTF_8));
    assertThat(stream.hasDisagreed()).isTrue();
    assertThat(Tellings.ends(dialect, out.toString())).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {not json}\n\n",
        "data: {\"error\":{\"message\":\"no\"}}\n\n",
        "data: {\"error\":\"no\"}\r\n\r\n",
        "data: [1]\n\n"
      })
  void whatSaysThatTheProviderFailedIsNotGiven(String record) {
    ResumableStream stream = stream(Dialect.OPENAI_CHAT);
    feed(stream, "data: {\"choices\":[]}\n\n".getBytes(UTF_8));
    feed(stream, (record + "data: [DONE]\n\n").getBytes(UTF_8));
    assertThat(stream.hasFailed()).isTrue();
    assertThat(stream.isDone()).isFalse();
    assertThat(out).hasToString("data: {\"choices\":[]}\n\n");
  }

  @Test
  void goesOnFromTheEndWhereTheProviderWasGivenTheBeginning() {
    String first = Tellings.plainMessage("Hello wor");
    ResumableStream stream = stream(Dialect.ANTHROPIC_MESSAGES);
    feed(stream, first.substring(0, first.indexOf("event: content_block_stop")).getBytes(UTF_8));
    assertThat(stream.deliveredText()).isEqualTo("Hello wor");
    stream.restart(true);
    feed(stream, Tellings.plainMessage("ld, again").getBytes(UTF_8));
    assertThat(stream.isDone()).isTrue();
    assertThat(Tellings.texts(Dialect.ANTHROPIC_MESSAGES, out.toString()))
        .isEqualTo(new TreeMap<>(Map.of("0 text_delta", "Hello world, again")));
    assertThat(out.toString().split("message_start", -1)).hasSize(3);
    assertThat(out.toString().split("content_block_start", -1)).hasSize(3);
  }

  @Test
  void onlyOneTextCanBeGoneOnFrom() {
    ResumableStream stream = stream(Dialect.ANTHROPIC_MESSAGES);
    String told = Tellings.first(Dialect.ANTHROPIC_MESSAGES);
    feed(stream, told.substring(0, told.indexOf("event: message_delta")).getBytes(UTF_8));
    assertThat(stream.deliveredText()).isEmpty();
  }
}
