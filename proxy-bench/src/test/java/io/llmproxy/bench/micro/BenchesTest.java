package io.llmproxy.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyMeasuredRequestIsAdmittedAndSettled(boolean ledger) throws IOException {
    AdmissionBench bench = new AdmissionBench();
    bench.ledger = ledger;
    bench.setUp();

    OwnHeap heap = new OwnHeap();
    for (int i = 0; i < 3; i++) {
      bench.rest();
      bench.admit(heap);
    }
    bench.tearDown();

    assertThat(heap.operations).isEqualTo(3 * AdmissionBench.REQUESTS);
    // Until it is compiled it leaves something behind; what is measured comes after that.
    assertThat(heap.bytes).isPositive();
  }

  @Test
  void everyMeasuredKeyIsFound() {
    KeysBench bench = new KeysBench();
    bench.keys = 1_000;
    bench.setUp();

    Set<String> found = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      found.add(Objects.requireNonNull(bench.find()).name());
    }

    assertThat(found).hasSizeGreaterThan(400);
  }
}
