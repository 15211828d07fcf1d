package io.llmproxy.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TimestampsTest {

  private static final DateTimeFormatter ORACLE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  @Test
  void writesWhatTheLibraryWrites() {
    var random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      long millis = random.nextLong(-2_208_988_800_000L, 253_402_300_800_000L);
      assertThat(Timestamps.iso(millis)).isEqualTo(ORACLE.format(Instant.ofEpochMilli(millis)));
    }
  }

  @Test
  void keepsItsMillisecondsWhereTheyAreZero() {
    assertThat(Timestamps.iso(951_782_400_000L)).isEqualTo("2000-02-29T00:00:00.000Z");
  }
}
