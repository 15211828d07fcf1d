package io.llmproxy.provider.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.llmproxy.provider.json.FieldNames;
import io.llmproxy.provider.json.JsonFault;
import io.llmproxy.provider.json.JsonOracle;
import io.llmproxy.provider.json.JsonScanner;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

final class JsonScannerFuzzTest {
  private static final FieldNames FIELDS = FieldNames.of("model", "a", "stream");

  /// What a scanner says of a text.
  private record Said(@Nullable JsonFault fault, int fieldCount, List<Long> places) {}

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#texts")
  @FuzzTest
  void agreesWithJacksonWhereverTheTextIsCut(byte[] text) {
    Said whole = said(text);

    assertThat(said(text, Cuts.of(text))).isEqualTo(whole);
    // Beyond these the scanner is stricter on purpose; jackson does not count names.
    boolean refusedForItsSize =
        whole.fault() != null && whole.fault().kind() == JsonFault.Kind.TOO_MANY_FIELDS;
    if (!refusedForItsSize) {
      assertThat(whole.fault() == null).isEqualTo(JsonOracle.accepts(text));
    }
  }

  private static Said said(byte[] text, int... cuts) {
    JsonScanner scanner = new JsonScanner(FIELDS);
    int from = 0;
    for (int i = 0; i <= cuts.length; i++) {
      int to = i == cuts.length ? text.length : cuts[i];
      scanner.feed(Unpooled.wrappedBuffer(text, from, to - from));
      from = to;
    }
    scanner.finish();
    List<Long> places = new ArrayList<>();
    for (int i = 0; i < FIELDS.count(); i++) {
      if (scanner.has(i)) {
        places.addAll(List.of((long) scanner.kind(i).ordinal(), scanner.start(i), scanner.end(i)));
      }
    }
    return new Said(scanner.fault(), scanner.fieldCount(), places);
  }
}
