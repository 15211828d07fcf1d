package io.llmproxy.provider.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.sse.Records;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

final class RecordSplitterFuzzTest {

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#streams")
  @FuzzTest
  void findsTheDataThatAPlainReaderFindsWhereverTheStreamIsCut(byte[] stream) {
    List<String> expected = plainlyRead(new String(stream, ISO_8859_1));

    assertThat(split(stream)).isEqualTo(expected);
    assertThat(split(stream, Cuts.of(stream))).isEqualTo(expected);
  }

  /// The data of each record as the standard says to read it, line by line; a last record without
  /// its empty line too, which providers' streams end in.
  private static List<String> plainlyRead(String stream) {
    String text = stream.startsWith("\u00EF\u00BB\u00BF") ? stream.substring(3) : stream;
    List<String> found = new ArrayList<>();
    List<String> data = new ArrayList<>();
    for (String line : text.split("\r\n|\n|\r", -1)) {
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          found.add(String.join("\n", data));
        }
        data.clear();
      } else if (line.equals("data") || line.startsWith("data:")) {
        String value = line.substring(Math.min(5, line.length()));
        data.add(value.startsWith(" ") ? value.substring(1) : value);
      }
    }
    if (!data.isEmpty()) {
      found.add(String.join("\n", data));
    }
    return found;
  }

  private static List<String> split(byte[] stream, int... cuts) {
    RecordSplitter splitter = new RecordSplitter();
    Collector found = new Collector();
    int from = 0;
    for (int i = 0; i <= cuts.length; i++) {
      int to = i == cuts.length ? stream.length : cuts[i];
      splitter.split(Unpooled.wrappedBuffer(stream, from, to - from), found);
      from = to;
    }
    splitter.finish(found);
    return found.data;
  }

  private static final class Collector implements Records {
    private final List<String> data = new ArrayList<>();

    @Override
    public void record(RecordSplitter record) {
      if (record.hasData()) {
        int from = record.dataFrom();
        data.add(new String(record.data(), from, record.dataTo() - from, ISO_8859_1));
      }
    }

    @Override
    public void repeated(byte[] bytes, int from, int to) {
      throw new AssertionError("nothing was learned");
    }

    @Override
    public void lateLineFeed(int partIndex) {
      assertThat(partIndex).isNotNegative();
    }
  }
}
