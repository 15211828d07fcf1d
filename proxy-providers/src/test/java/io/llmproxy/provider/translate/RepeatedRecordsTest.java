package io.llmproxy.provider.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ReplyReader;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A record that repeats an earlier one but for its text is not read, yet means the same: streams
/// of few shapes come to what they come to when a number in each record makes it unlike all others.
class RepeatedRecordsTest {
  private static final List<String> PIECES =
      List.of(
          "",
          "a",
          " \\\"b\\\"",
          "caf\u00e9",
          "\\u00e9\\n",
          "{\\\"x\\\":",
          "1}",
          "0123456789",
          "\\\\");

  // The leak detector would take a stack trace for each of very many writes.
  private static final ByteBufAllocator UNTRACKED = new UnpooledByteBufAllocator(true, true);

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void meanTheSameInAChatStream(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<String> records = chatRecords(random);

    assertSame(RepeatedRecordsTest::toMessages, records);
    assertSame(RepeatedRecordsTest::toResponses, records);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void meanTheSameInAMessagesStream(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<String> records = messagesRecords(random);

    assertSame(RepeatedRecordsTest::toChat, records);
    assertSame(() -> new ReplyChain(toChat(), toResponses()), records);
  }

  private static void assertSame(Supplier<ReplyReader> readers, List<String> records) {
    Replay read = Replay.of(readers, Replay.utf8(String.join("", numbered(records))));

    Replay repeated = Replay.of(readers, Replay.utf8(String.join("", records)));

    assertThat(repeated).isEqualTo(read);
  }

  private static List<String> numbered(List<String> records) {
    List<String> numbered = new ArrayList<>();
    for (String record : records) {
      String number = "{\"x_" + numbered.size() + "\":0,";
      numbered.add(record.replaceFirst("\\{", number));
    }
    return numbered;
  }

  private static List<String> chatRecords(RandomGenerator random) {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String piece = PIECES.get(random.nextInt(PIECES.size()));
      String other = PIECES.get(random.nextInt(PIECES.size()));
      String delta =
          switch (random.nextInt(10)) {
            case 0 -> "\"reasoning_content\":\"" + piece + "\"";
            case 1 -> "\"reasoning\":\"" + piece + "\"";
            case 2 -> "\"refusal\":\"" + piece + "\"";
            case 3 -> call(0, "", piece);
            case 4 -> call(1, "", piece);
            case 5 -> call(random.nextInt(2), "\"id\":\"c" + random.nextInt(2) + "\",", piece);
            case 6 -> "\"reasoning\":\"" + other + "\",\"reasoning_content\":\"" + piece + "\"";
            case 7 -> "\"content\":\"" + other + "\",\"content\":\"" + piece + "\"";
            default -> "\"role\":\"assistant\",\"content\":\"" + piece + "\"";
          };
      String end = random.nextInt(30) == 0 ? "\"length\"" : "null";
      String padding = random.nextBoolean() ? ",\"obfuscation\":\"" + other + "\"" : "";
      records.add(
          """
          data: {"id":"chatcmpl-1","choices":[{"index":%d,"delta":{%s},"finish_reason":%s}]%s}

          """
              .formatted(random.nextInt(20) == 0 ? 1 : 0, delta, end, padding));
    }
    records.add("data: [DONE]\n\n");
    return records;
  }

  private static String call(int index, String id, String piece) {
    String name = id.isEmpty() ? "" : "\"name\":\"f\",";
    return "\"tool_calls\":[{\"index\":%d,%s\"function\":{%s\"arguments\":\"%s\"}}]"
        .formatted(index, id, name, piece);
  }

  private static List<String> messagesRecords(RandomGenerator random) {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      records.add(
          """
          event: content_block_start
          data: {"type":"content_block_start","index":%d,"content_block":{"type":"tool_use",\
          "id":"t%d","name":"f","input":{}}}

          """
              .formatted(i, i));
    }
    for (int i = 0; i < 60; i++) {
      String piece = PIECES.get(random.nextInt(PIECES.size()));
      String field =
          switch (random.nextInt(5)) {
            case 0 -> "\"thinking\":\"" + piece + "\"";
            case 1, 2 -> "\"partial_json\":\"" + piece + "\"";
            case 3 -> "\"text\":\"\",\"thinking\":\"" + piece + "\"";
            default -> "\"text\":\"" + piece + "\"";
          };
      records.add(
          """
          event: content_block_delta
          data: {"type":"content_block_delta","index":%d,"delta":{%s}%s}

          """
              .formatted(random.nextInt(4), field, " ".repeat(random.nextInt(3))));
    }
    records.add(
        """
        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}

        event: message_stop
        data: {"type":"message_stop"}

        """);
    return records;
  }

  private static ReplyReader toChat() {
    return new MessagesToChatStream("m", 1, true);
  }

  private static ReplyReader toMessages() {
    return new ChatToMessagesStream(UNTRACKED, "m", "r", 0);
  }

  private static ReplyReader toResponses() {
    return new ChatToResponsesStream(
        UNTRACKED, new ResponseHead("m", "r", 1, ResponseEcho.NONE), 0);
  }
}
