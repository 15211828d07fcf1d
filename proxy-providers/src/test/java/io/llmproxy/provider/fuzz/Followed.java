package io.llmproxy.provider.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.Replay;
import io.llmproxy.provider.json.JsonOracle;
import io.llmproxy.provider.wire.ReplyReader;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.function.Function;

/// A reply that was followed: whole, and cut, which came to the same.
///
/// @param body the provider's, ISO 8859-1
record Followed(String body, Replay replay) {

  /// Follows a body of text/event-stream.
  static Followed stream(Function<ByteBufAllocator, ReplyReader> readers, byte[] body) {
    Followed followed = of(readers, body);
    if (Arrays.stream(dataLines(followed.body)).allMatch(Followed::isJson)) {
      for (String line : dataLines(followed.replay.output())) {
        assertThat(isJson(line)).as(line).isTrue();
      }
    }
    return followed;
  }

  /// Follows a body of JSON.
  static Followed json(Function<ByteBufAllocator, ReplyReader> readers, byte[] body) {
    Followed followed = of(readers, body);
    String output = followed.replay.output();
    if (isJson(followed.body) && !output.isEmpty()) {
      assertThat(isJson(output)).as(output).isTrue();
    }
    return followed;
  }

  /// Follows a body of text/event-stream that becomes JSON.
  static void streamAsJson(Function<ByteBufAllocator, ReplyReader> readers, byte[] body) {
    Followed followed = of(readers, body);
    String output = followed.replay.output();
    if (Arrays.stream(dataLines(followed.body)).allMatch(Followed::isJson) && !output.isEmpty()) {
      assertThat(isJson(output)).as(output).isTrue();
    }
  }

  /// Follows a body of JSON that becomes text/event-stream, or the error that it tells of.
  static void jsonAsStream(Function<ByteBufAllocator, ReplyReader> readers, byte[] body) {
    Followed followed = of(readers, body);
    String output = followed.replay.output();
    if (isJson(followed.body) && !isJson(output)) {
      for (String line : dataLines(output)) {
        assertThat(isJson(line)).as(line).isTrue();
      }
    }
  }

  Followed endsAtMostOnceWith(String end) {
    String output = replay.output();
    int first = output.indexOf(end);
    assertThat(first).isEqualTo(output.lastIndexOf(end));
    if (replay.error()) {
      assertThat(replay.complete()).isFalse();
    }
    return this;
  }

  void isUnchanged() {
    assertThat(replay.output()).isEqualTo(body);
  }

  void isUnchangedBut(String addition) {
    assertThat(replay.output().replaceAll(addition, "")).isEqualTo(body.replaceAll(addition, ""));
  }

  private static Followed of(Function<ByteBufAllocator, ReplyReader> readers, byte[] body) {
    var allocator = new UnpooledByteBufAllocator(true, true);
    Replay whole = Replay.of(() -> readers.apply(allocator), body);
    Replay cut = Replay.of(() -> readers.apply(allocator), body, Cuts.of(body));
    assertThat(cut).isEqualTo(whole);
    assertThat(allocator.metric().usedHeapMemory()).isZero();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
    return new Followed(new String(body, ISO_8859_1), whole);
  }

  private static String[] dataLines(String stream) {
    return stream
        .lines()
        .filter(line -> line.startsWith("data:"))
        .map(line -> line.substring(5).strip())
        .filter(data -> !data.equals("[DONE]"))
        .toArray(String[]::new);
  }

  private static boolean isJson(String text) {
    return JsonOracle.accepts(text.getBytes(ISO_8859_1));
  }
}
