package io.llmproxy.provider.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Texts changed at random: the scanner and the oracle agree on each, and where the text is cut
/// makes no difference. A failure names its seed.
final class JsonScannerDifferentialTest {
  private static final byte[] TELLING =
      "{}[]\":,\\/ \n\t0123456789-+.eEtrufalsn\u0000\u001F\u007Fb"
          .getBytes(StandardCharsets.US_ASCII);

  static LongStream seeds() {
    return LongStream.of(1, 2, 20_261_122, new SecureRandom().nextLong());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithTheOracleOnTextsChangedAtRandom(long seed) {
    agree(seed, 10_000);
  }

  @Test
  @Tag("long")
  void agreesWithTheOracleOnManyTexts() {
    agree(new SecureRandom().nextLong(), 300_000);
  }

  private static void agree(long seed, int rounds) {
    Random random = new Random(seed);
    for (int round = 0; round < rounds; round++) {
      byte[] text = mutated(random);
      Verdict whole = Verdict.of(text);
      assertThat(whole.whole())
          .as(() -> "seed %d: %s".formatted(seed, Arrays.toString(text)))
          .isEqualTo(JsonOracle.accepts(text));
      int first = random.nextInt(text.length + 1);
      int second = first + random.nextInt(text.length - first + 1);
      assertThat(Verdict.of(text, first, second))
          .as(() -> "seed %d, cut at %d and %d: %s".formatted(seed, first, second, text(text)))
          .isEqualTo(whole);
    }
  }

  private static byte[] mutated(Random random) {
    List<String> texts = random.nextInt(4) == 0 ? Texts.REFUSED : Texts.ACCEPTED;
    byte[] text = Texts.utf8(texts.get(random.nextInt(texts.size())));
    if (random.nextInt(3) == 0) {
      String other = Texts.ACCEPTED.get(random.nextInt(Texts.ACCEPTED.size()));
      text = Texts.utf8("{\"model\":" + other + ",\"a\":" + text(text) + "}");
    }
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      text = changed(text, random);
    }
    return text;
  }

  private static byte[] changed(byte[] text, Random random) {
    int at = random.nextInt(text.length + 1);
    int to = at + random.nextInt(Math.min(6, text.length - at + 1));
    byte[] middle =
        switch (random.nextInt(5)) {
          case 0 -> new byte[0];
          case 1 -> new byte[] {(byte) random.nextInt(256)};
          case 2 -> new byte[] {TELLING[random.nextInt(TELLING.length)]};
          case 3 -> Texts.utf8(Character.toString(random.nextInt(0xD800)));
          default -> repeated(text, at, to);
        };
    boolean inserts = random.nextBoolean();
    return joined(
        Arrays.copyOf(text, at), middle, Arrays.copyOfRange(text, inserts ? at : to, text.length));
  }

  private static byte[] repeated(byte[] text, int from, int to) {
    byte[] once = Arrays.copyOfRange(text, from, to);
    return joined(once, once, once);
  }

  private static byte[] joined(byte[] first, byte[] second, byte[] third) {
    byte[] all = Arrays.copyOf(first, first.length + second.length + third.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    System.arraycopy(third, 0, all, first.length + second.length, third.length);
    return all;
  }

  private static String text(byte[] text) {
    return new String(text, StandardCharsets.UTF_8);
  }
}
