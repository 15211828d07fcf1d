package io.llmproxy.bench.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// What the classes of a process see in the place of the wall clock; [ClockAgent] has them ask
/// here.
public final class FalseClock {

  /// The system property that names the file with the offset, eight bytes of milliseconds.
  static final String FILE = "false.clock";

  private static final MappedByteBuffer OFFSET = map();

  private FalseClock() {}

  private static MappedByteBuffer map() {
    try (FileChannel channel = FileChannel.open(Path.of(System.getProperty(FILE)))) {
      return channel.map(MapMode.READ_ONLY, 0, Long.BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As System.currentTimeMillis.
  public static long millis() {
    return System.currentTimeMillis() + OFFSET.getLong(0);
  }

  /// As Instant.now.
  public static Instant instant() {
    return Instant.now().plusMillis(OFFSET.getLong(0));
  }

  /// As Clock.systemUTC; jumps from one call of this to the next.
  public static Clock clock() {
    return Clock.offset(Clock.systemUTC(), Duration.ofMillis(OFFSET.getLong(0)));
  }
}
