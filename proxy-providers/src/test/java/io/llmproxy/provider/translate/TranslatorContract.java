package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.shown;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every translator of streams must do, whatever the pair.
abstract class TranslatorContract {

  /// A new translator, of a caller that is to be told of usage.
  abstract ReplyReader reader();

  /// A whole stream of the provider with LF for line ends, with reasoning, text, a tool call and
  /// usage.
  abstract byte[] stream();

  /// The usage it reports.
  abstract Usage usage();

  /// What the provider's stream may hold, at any place, without a meaning to the caller; each ends
  /// in an empty line.
  abstract List<String> meaningless();

  /// Where in `stream` the record begins without which it has no end, counted from the empty line
  /// before it: the last, unless a clean end of the body says as much.
  int lastNeeded(String stream) {
    return stream.stripTrailing().lastIndexOf("\n\n");
  }

  /// The record that ends a whole stream of the caller's.
  abstract String end();

  /// What stands once in the caller's stream, where it is told the usage.
  abstract String usageText();

  @Test
  final void givesTheSameHoweverTheStreamIsCut() {
    assertSameAtEveryCut(expected(), this::reader, stream());
  }

  @EdgeCase(42)
  @Test
  final void takesAnyLineEnd() {
    for (String lineEnd : List.of("\r\n", "\r")) {
      byte[] body = bytes(shown(stream()).replace("\n", lineEnd));

      assertSameAtEveryCut(expected(), this::reader, body);
    }
  }

  @EdgeCase(44)
  @Test
  final void leavesOutRecordsThatItDoesNotKnow() {
    for (String record : meaningless()) {
      byte[] body = bytes(record + shown(stream()).replace("\n\n", "\n\n" + record));

      assertThat(Replay.of(this::reader, body)).as(record).isEqualTo(expected());
    }
  }

  @Test
  final void leavesOutFieldsThatItDoesNotKnow() {
    byte[] body = bytes(withUnknownFields(shown(stream())));

    assertThat(Replay.of(this::reader, body)).isEqualTo(expected());
  }

  @Test
  final void endsOnceWhateverFollows() {
    String twice = shown(stream()) + shown(stream());

    Replay replay = Replay.of(this::reader, bytes(twice));

    assertThat(replay).isEqualTo(expected());
    assertThat(replay.output()).endsWith(end()).containsOnlyOnce(end());
  }

  @Test
  final void tellsUsageOnce() {
    Replay replay = Replay.of(this::reader, stream());

    assertThat(replay.output()).containsOnlyOnce(usageText());
    assertThat(replay.usage()).isEqualTo(usage());
    assertThat(replay.source()).isEqualTo(UsageSource.REPORTED);
  }

  @EdgeCase(41)
  @Test
  final void doesNotEndAStreamThatBreaksOff() {
    String text = shown(stream());
    int last = lastNeeded(text);
    for (int at = text.indexOf("\n\n"); at <= last; at = text.indexOf("\n\n", at + 2)) {
      Replay replay = Replay.of(this::reader, Arrays.copyOf(stream(), at + 2));

      assertThat(replay.complete()).isFalse();
      assertThat(replay.output()).doesNotContain(end());
      assertThat(expected().output()).startsWith(replay.output());
    }
  }

  @Test
  final void writesJsonInRecordsOfTheirOwn() {
    String output = Replay.of(this::reader, stream()).output();

    assertThat(output).endsWith("\n\n").doesNotContain("\n\n\n");
    for (String line : output.split("\n", -1)) {
      if (line.startsWith("data: ") && !line.equals("data: [DONE]")) {
        JsonCheck.assertJson(line.substring(6));
      } else {
        assertThat(line).matches("|event: [a-z_.]+|data: \\[DONE]");
      }
    }
  }

  @Test
  final void releasesAllWhereverItIsLeft() {
    byte[] body = stream();
    for (int length = 1; length <= body.length; length += 37) {
      var allocator = new UnpooledByteBufAllocator(false);
      ReplyReader reader = reader();
      ByteBuf part = allocator.heapBuffer(length).writeBytes(body, 0, length);

      reader.read(part, ByteBuf::release);
      reader.release();

      assertThat(allocator.metric().usedHeapMemory()).isZero();
      assertThat(allocator.metric().usedDirectMemory()).isZero();
    }
  }

  @Test
  final void takesPartsOfNothing() {
    byte[] body = stream();

    assertThat(Replay.of(this::reader, body, 0, 0, 10, 10, body.length)).isEqualTo(expected());
  }

  private Replay expected() {
    Replay whole = Replay.of(this::reader, stream());
    assertThat(whole.complete()).isTrue();
    assertThat(whole.content()).isTrue();
    assertThat(whole.error()).isFalse();
    return whole;
  }

  /// The same with a member more in every object that has one, outside of strings.
  private static String withUnknownFields(String stream) {
    StringBuilder out = new StringBuilder(stream.length() * 2);
    boolean inString = false;
    for (int i = 0; i < stream.length(); i++) {
      char next = stream.charAt(i);
      out.append(next);
      if (inString && next == '\\') {
        i++;
        out.append(stream.charAt(i));
      } else if (next == '"') {
        inString = !inString;
      } else if (!inString && next == '{' && stream.charAt(i + 1) == '"') {
        out.append("\"x_unknown\":{\"type\":[1,\"}{\\\"\"],\"text\":\"no\"},");
      }
    }
    return out.toString();
  }

  private static byte[] bytes(String shown) {
    return shown.getBytes(StandardCharsets.ISO_8859_1);
  }
}
