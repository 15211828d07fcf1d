package io.llmproxy.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BenchesTest {

  static Stream<Arguments> streams() {
    return Arrays.stream(ReplyPath.values())
        .flatMap(path -> Arrays.stream(EventKind.values()).map(kind -> Arguments.of(path, kind)));
  }

  @ParameterizedTest
  @MethodSource("streams")
  void everyMeasuredEventReachesTheCaller(ReplyPath path, EventKind kind) {
    EventBench bench = new EventBench();
    bench.path = path;
    bench.kind = kind;
    bench.setUp();
    int pieceBytes = kind.pieces().stream().mapToInt(String::length).sum();

    long none = bench.stream(0);
    long some = bench.stream(16) - none;
    long more = bench.stream(32) - none - some;
    bench.tearDown();

    assertThat(more - some).isGreaterThan(pieceBytes);
  }

  @ParameterizedTest
  @EnumSource
  void everyMeasuredBodyIsAskedOfItsProvider(RequestPath path) {
    BodyBench bench = new BodyBench();
    bench.path = path;
    bench.bytes = 40_000;
    bench.setUp();

    long sent = bench.body();
    bench.tearDown();

    // A translation leaves little out of what is nearly all text.
    assertThat(sent).isGreaterThan(38_000);
  }
}
