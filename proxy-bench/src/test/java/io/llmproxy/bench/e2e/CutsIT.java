package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.provider.api.Plan;
import io.llmproxy.provider.wire.ReplyReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Streams of every provider, as callers of every dialect ask for them, cut at every byte: none is
/// taken for whole before its provider has said that it is.
@Timeout(240)
final class CutsIT {

  private static ProxyBed bed;
  private static int streams;

  @BeforeAll
  static void start() throws IOException {
    bed = ProxyBed.of(Wire.H1);
  }

  @AfterAll
  static void stop() {
    bed.close();
    assertThat(streams).as("streams cut").isGreaterThanOrEqualTo(75);
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void noStreamIsWholeBeforeItsEnd(SimulatedProvider provider) throws Exception {
    cut(provider, RecordedStreams.SCRIPTS);
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  @Tag("long")
  void noneOfAHundredAndThirtyFiveMoreIs(SimulatedProvider provider) throws Exception {
    cut(provider, RecordedStreams.MORE_SCRIPTS);
  }

  private static void cut(SimulatedProvider provider, List<String> scripts) throws Exception {
    streams += RecordedStreams.each(bed, provider, scripts, CutsIT::cutEverywhere);
  }

  private static void cutEverywhere(String name, Plan.Ask ask, byte[] stream) {
    int whole = 0;
    for (int cut = 0; cut <= stream.length; cut++) {
      if (isWhole(ask, stream, cut)) {
        whole++;
        String told = new String(stream, 0, cut, UTF_8);
        assertThat(told).as(name).containsPattern(end(ask));
      }
    }
    assertThat(whole).as(name).isPositive();
  }

  private static boolean isWhole(Plan.Ask ask, byte[] stream, int cut) {
    ReplyReader reader = ask.replies().reader(true, true, ByteBufAllocator.DEFAULT, "r", 1);
    reader.read(Unpooled.wrappedBuffer(stream, 0, cut), ByteBuf::release);
    reader.finish(ByteBuf::release);
    boolean whole = reader.isComplete();
    reader.release();
    return whole;
  }

  /// How the provider says that it is whole. A chat that is translated is, too, where it ends
  /// cleanly after its finish reason.
  private static String end(Plan.Ask ask) {
    return switch (ask.operation()) {
      case CHAT_COMPLETIONS ->
          ask.replies().areTranslated() ? "\"finish_reason\": ?\"[a-z_]+\"" : "data: ?\\[DONE]";
      case MESSAGES -> "event: ?message_stop|\"type\": ?\"message_stop\"";
      default -> "\"type\": ?\"response\\.(completed|incomplete)\"[^\\n]*}\\s*$";
    };
  }
}
