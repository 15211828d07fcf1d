package io.llmproxy.provider.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SegmentsTest {
  private final List<ByteBuf> added = new ArrayList<>();

  @Test
  void refusesToBeReleasedTwice() {
    Segments segments = segments("abc");
    segments.release();
    assertThatThrownBy(segments::release).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesToBeReadAfterRelease() {
    Segments segments = segments("abc");
    segments.release();
    assertThatThrownBy(() -> segments.copy(0, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> segments.emit(new Splice(), ByteBuf::release))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void releasesWhatIsAddedAfterRelease() {
    Segments segments = segments();
    segments.release();
    ByteBuf late = Texts.direct(Texts.utf8("late"));
    assertThatThrownBy(() -> segments.add(late)).isInstanceOf(IllegalStateException.class);
    assertThat(late.refCnt()).isZero();
  }

  @Test
  void findsBytesAlsoAcrossBuffers() {
    Segments segments = segments("ab", "c=d", "", "=e==", "f");
    for (String there : List.of("a", "b", "ab", "bc=", "abc=d=e==f", "d=", "==f", "e==")) {
      assertThat(segments.contain(Texts.utf8(there))).as(there).isTrue();
    }
    for (String absent : List.of("x", "ac", "==d", "f=", "abc=d=e==ff", "e===")) {
      assertThat(segments.contain(Texts.utf8(absent))).as(absent).isFalse();
    }
    segments.release();
  }

  @Test
  void findsWordsInTheirQuotesAlsoAcrossBuffers() {
    Words words = Words.of("file", "image", "x", "le");
    String text = "{\"a\":\"file\",\"file \":1,\"profile\":\"x\",\"image\"}";
    for (int first = 0; first <= text.length(); first++) {
      for (int second = first; second <= text.length(); second++) {
        Segments segments =
            segments(
                text.substring(0, first), text.substring(first, second), text.substring(second));
        assertThat(segments.which(words)).as(first + ", " + second).isEqualTo(0b0111);
        segments.release();
      }
    }
    Segments without = segments("{\"imag", "es\":\"files\",\"xx\":\"pro", "file\",\"x:", "le\"");
    assertThat(without.which(words)).isZero();
    without.release();
  }

  @Test
  void refusesWordsThatAreNone() {
    assertThatThrownBy(() -> Words.of("a", "")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Words.of(new String[65]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65 words");
  }

  @Test
  void refusesRangesOutsideItsBytes() {
    Segments segments = segments("abc");
    for (long[] range : new long[][] {{-1, 1}, {0, 4}, {2, 1}, {4, 4}}) {
      assertThatThrownBy(() -> segments.copy(range[0], range[1]))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    segments.release();
  }

  @Test
  void releasesAnEmptyBufferAtOnce() {
    Segments segments = segments("", "a", "");
    assertThat(added).map(ByteBuf::refCnt).containsExactly(0, 1, 0);
    segments.release();
  }

  @Test
  void copiesAndGivesEveryRangeOverEveryBorder() {
    String text = "0123456789";
    Segments segments = segments("0", "123", "45", "6789");
    for (int start = 0; start <= text.length(); start++) {
      for (int end = start; end <= text.length(); end++) {
        assertThat(new String(segments.copy(start, end), StandardCharsets.US_ASCII))
            .isEqualTo(text.substring(start, end));
        ByteArrayOutputStream given = new ByteArrayOutputStream();
        segments.emit(start, end, part -> drain(part, given));
        assertThat(given.toString(StandardCharsets.US_ASCII)).isEqualTo(text.substring(start, end));
      }
    }
    segments.release();
    assertThat(added).allMatch(buffer -> buffer.refCnt() == 0);
  }

  @Test
  void givesSplicedBytesAgainAndAgain() {
    Segments segments = segments("01", "234", "56789");
    Splice splice =
        new Splice()
            .replace(1, 4, Texts.utf8("abc-"))
            .replace(10, 10, Texts.utf8("!"))
            .replace(7, 9, new byte[0]);
    assertThat(text(segments, splice)).isEqualTo("0abc-4569!");
    assertThat(text(segments, splice)).isEqualTo("0abc-4569!");
    assertThat(text(segments, new Splice())).isEqualTo("0123456789");
    assertThat(splice.lengthChange()).isZero();
    segments.release();
    assertThat(added).allMatch(buffer -> buffer.refCnt() == 0);
  }

  @Test
  void doesNotCopyWhatStays() {
    ByteBuf buffer = Unpooled.buffer().writeBytes(Texts.utf8("0123456789"));
    Segments segments = new Segments();
    segments.add(buffer);
    List<ByteBuf> parts = new ArrayList<>();
    segments.emit(new Splice().replace(4, 5, Texts.utf8("x")), parts::add);
    assertThat(parts.getFirst().array()).isSameAs(buffer.array());
    assertThat(parts.getLast().array()).isSameAs(buffer.array());
    parts.forEach(ByteBuf::release);
    segments.release();
  }

  @Test
  void letsPartsOutliveIt() {
    Segments segments = segments("abc");
    List<ByteBuf> parts = new ArrayList<>();
    segments.emit(new Splice(), parts::add);
    segments.release();
    assertThat(parts.getFirst().toString(StandardCharsets.US_ASCII)).isEqualTo("abc");
    parts.getFirst().release();
    assertThat(added.getFirst().refCnt()).isZero();
  }

  @Test
  void givesNeverAnEmptyPart() {
    Segments segments = segments("ab");
    List<Integer> sizes = new ArrayList<>();
    Splice splice =
        new Splice()
            .replace(0, 1, new byte[0])
            .replace(1, 1, new byte[0])
            .replace(1, 2, Texts.utf8("xyz"));
    segments.emit(
        splice,
        part -> {
          sizes.add(part.readableBytes());
          part.release();
        });
    assertThat(sizes).containsExactly(3);
    segments.release();
  }

  @Test
  void holdsMoreBuffersThanItBeganWith() {
    Segments segments = new Segments();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      segments.add(Texts.direct(Texts.utf8("part " + i)));
      text.append("part ").append(i);
    }
    assertThat(text(segments, new Splice())).isEqualTo(text.toString());
    segments.release();
  }

  private Segments segments(String... texts) {
    Segments segments = new Segments();
    for (String text : texts) {
      ByteBuf buffer = Texts.direct(Texts.utf8(text));
      added.add(buffer);
      segments.add(buffer);
    }
    return segments;
  }

  private static String text(Segments segments, Splice splice) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    segments.emit(splice, part -> drain(part, text));
    assertThat((long) text.size()).isEqualTo(segments.length() + splice.lengthChange());
    return text.toString(StandardCharsets.UTF_8);
  }

  private static void drain(ByteBuf part, ByteArrayOutputStream into) {
    byte[] bytes = new byte[part.readableBytes()];
    part.readBytes(bytes);
    into.writeBytes(bytes);
    part.release();
  }
}
