package io.llmproxy.provider.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class SpliceTest {
  private static final byte[] NOTHING = {};

  @Test
  void refusesRangesThatOverlap() {
    for (long[] range : new long[][] {{4, 6}, {5, 8}, {9, 11}, {0, 20}, {6, 7}, {6, 6}, {5, 10}}) {
      Splice splice = new Splice().replace(5, 10, NOTHING);
      assertThatThrownBy(() -> splice.replace(range[0], range[1], NOTHING))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(splice.replacements()).hasSize(1);
    }
  }

  @Test
  void refusesRangesThatAreNone() {
    assertThatThrownBy(() -> new Splice().replace(-1, 0, NOTHING))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Splice().replace(2, 1, NOTHING))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keepsRangesInOrderHoweverTheyCome() {
    Splice splice =
        new Splice()
            .replace(8, 9, Texts.utf8("d"))
            .replace(2, 4, Texts.utf8("b"))
            .replace(4, 8, Texts.utf8("c"))
            .replace(2, 2, Texts.utf8("a1"))
            .replace(2, 2, Texts.utf8("a2"))
            .replace(9, 9, Texts.utf8("e"));
    assertThat(splice.replacements())
        .map(replacement -> new String(replacement.with(), StandardCharsets.UTF_8))
        .containsExactly("a1", "a2", "b", "c", "d", "e");
    assertThat(splice.lengthChange()).isEqualTo(8 - 7);
  }
}
