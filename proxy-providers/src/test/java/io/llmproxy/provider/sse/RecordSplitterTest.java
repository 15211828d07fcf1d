package io.llmproxy.provider.sse;

import static io.llmproxy.provider.Replay.sample;
import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.wire.SharedRoom;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordSplitterTest {

  @EdgeCase(42)
  @Test
  void readsTheTortureStreamAsIfItWereClean() {
    String prefix =
        "{\"id\":\"chatcmpl-CfQ2m0aXkZr1Tq9LwYd3VbN8sPuEo\",\"object\":\"chat.completion.chunk\","
            + "\"created\":1795376400,\"model\":\"gpt-6.1-terra\",\"service_tier\":\"default\","
            + "\"system_fingerprint\":null,\"choices\":[{\"index\":0,\"delta\":";
    String suffix = "\"finish_reason\":null}],\"usage\":null,\"obfuscation\":\"Xq7\"}";
    List<String> clean =
        List.of(
            prefix + "{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null," + suffix,
            prefix + "{\"content\":\"A\"},\"logprobs\":null," + suffix,
            prefix + "{},\n\"logprobs\":null," + suffix.replace("null}", "\"stop\"}"),
            "[DONE]");
    byte[] torture = sample("sse-torture.sse");

    for (int cut = 0; cut <= torture.length; cut++) {
      assertThat(data(torture, cut)).as("cut at %d", cut).isEqualTo(clean);
    }
    int[] everywhere = new int[torture.length];
    for (int i = 0; i < everywhere.length; i++) {
      everywhere[i] = i;
    }
    assertThat(data(torture, everywhere)).isEqualTo(clean);
  }

  @EdgeCase(43)
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void knowsFieldsByTheirNames(String lineEnd) {
    String stream =
        """
        data:no space
        data:  one space is dropped

        data
        datax: not data
        dat: nor this
        : nor data: this

        event: e
        data: \uD83D\uDE00é
        id: 1

        """
            .replace("\n", lineEnd);
    List<String> expected = List.of("no space\n one space is dropped", "", "\uD83D\uDE00é");
    byte[] body = utf8(stream);

    for (int cut = 0; cut <= body.length; cut++) {
      assertThat(data(body, cut)).as("cut at %d", cut).isEqualTo(expected);
    }
  }

  @Test
  void readsAnyMixtureOfLineEndsAlikeHoweverItIsCut() {
    String[] pieces = {
      "data: a", "data:", ": c", "event: x", "\n", "\r", "\r\n", "\n\n", "\r\n\r\n"
    };
    Random random = new Random(42);
    for (int round = 0; round < 300; round++) {
      StringBuilder stream = new StringBuilder();
      for (int i = 0; i < 30; i++) {
        stream.append(pieces[random.nextInt(pieces.length)]);
      }
      byte[] body = utf8(stream.toString());
      List<String> whole = data(body);
      int[] cuts = random.ints(4, 0, body.length).sorted().toArray();

      assertThat(data(body, cuts)).as(stream.toString()).isEqualTo(whole);
      assertThat(data(utf8(stream.toString().replace("\r\n", "\n").replace('\r', '\n'))))
          .isEqualTo(whole);
    }
  }

  @Test
  void tellsACommentAtItsLineEnd() {
    Told told = new Told();
    RecordSplitter splitter = new RecordSplitter();

    split(splitter, utf8(":\n: ping\n"), told);

    assertThat(splitter.isBegun()).isFalse();
    assertThat(told.records).isEqualTo(2);
  }

  @Test
  void tellsARecordBeyondTheLimitWithoutItsData() {
    Told told = new Told();
    RecordSplitter splitter = new RecordSplitter();
    byte[] piece = utf8("y".repeat(1 << 20));

    split(splitter, utf8("data: "), told);
    for (int i = 0; i < 17; i++) {
      split(splitter, piece, told);
    }
    split(splitter, utf8("\n\ndata: next\n\n"), told);

    assertThat(told.records).isEqualTo(2);
    assertThat(told.data).containsExactly("next");
  }

  @Test
  void givesUpTheRoomOfARecordThatEndsOrIsReleased() {
    long before = SharedRoom.takenBytes();
    RecordSplitter splitter = new RecordSplitter();
    byte[] piece = utf8("y".repeat(1 << 20));
    Told told = new Told();

    for (byte[] end : List.of(utf8("\n\n"), utf8(""))) {
      split(splitter, utf8("data: "), told);
      split(splitter, piece, told);
      assertThat(SharedRoom.takenBytes()).isGreaterThan(before);
      split(splitter, end, told);
      splitter.release();
      assertThat(SharedRoom.takenBytes()).isEqualTo(before);
    }
    assertThat(told.data).hasSize(1);
  }

  private static List<String> data(byte[] body, int... cuts) {
    Told told = new Told();
    RecordSplitter splitter = new RecordSplitter();
    int from = 0;
    for (int cut : cuts) {
      split(splitter, Arrays.copyOfRange(body, from, cut), told);
      from = cut;
    }
    split(splitter, Arrays.copyOfRange(body, from, body.length), told);
    splitter.finish(told);
    return told.data;
  }

  private static void split(RecordSplitter splitter, byte[] bytes, Told told) {
    splitter.split(Unpooled.wrappedBuffer(bytes), told);
  }

  private static final class Told implements Records {
    final List<String> data = new ArrayList<>();
    int records;

    @Override
    public void record(RecordSplitter record) {
      records++;
      if (record.hasData()) {
        int from = record.dataFrom();
        data.add(new String(record.data(), from, record.dataTo() - from, StandardCharsets.UTF_8));
      }
    }

    @Override
    public void repeated(byte[] bytes, int from, int to) {
      throw new AssertionError("nothing was learnt");
    }

    @Override
    public void lateLineFeed(int partIndex) {
      assertThat(partIndex).isNotNegative();
    }
  }
}
