package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ReplyReader;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/// Chat Completions streams made chunk by chunk, and what a reader makes of them.
final class StreamedChat {
  static final String STOP = chunk("{\"delta\":{},\"finish_reason\":\"stop\"}");
  static final String CALLS = chunk("{\"delta\":{},\"finish_reason\":\"tool_calls\"}");
  static final String DONE = "data: [DONE]\n\n";

  /// Says exactly what is not released, so that the leak detector, which takes a stack trace for
  /// each write, has nothing to add.
  static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true, true);

  private StreamedChat() {}

  /// Asserts that every buffer of [#ALLOCATOR] was released.
  static void assertNothingHeld() {
    assertThat(ALLOCATOR.metric().usedDirectMemory()).isZero();
    assertThat(ALLOCATOR.metric().usedHeapMemory()).isZero();
  }

  static Supplier<ReplyReader> readers() {
    return () -> new ChatToMessagesStream(ALLOCATOR, "asked \"for\"", "req.1", 17);
  }

  static MessageStream stream(String body) {
    return MessageStream.of(Replay.of(readers(), utf8(body)).output());
  }

  static String read(ReplyReader reader, String records) {
    StringBuilder output = new StringBuilder();
    reader.read(
        Unpooled.wrappedBuffer(utf8(records)),
        given -> {
          output.append(given.toString(StandardCharsets.UTF_8));
          given.release();
        });
    return output.toString();
  }

  static String chunk(String choice) {
    return "data: {\"id\":\"up-1\",\"choices\":[" + choice + "]}\n\n";
  }

  static String delta(String delta) {
    return chunk("{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}");
  }

  static String content(String text) {
    return delta("{\"role\":\"assistant\",\"content\":\"" + text + "\"}");
  }

  static String reasoning(String text) {
    return delta("{\"content\":null,\"reasoning_content\":\"" + text + "\"}");
  }

  static String call(int index, String id, String name, String arguments) {
    return delta(
        "{\"tool_calls\":[{\"index\":%d,\"id\":\"%s\",\"type\":\"function\",\"function\":{\"name\":\"%s\",\"arguments\":\"%s\"}}]}"
            .formatted(index, id, name, arguments));
  }

  static String arguments(int index, String arguments) {
    return delta(
        "{\"tool_calls\":[{\"index\":%d,\"function\":{\"arguments\":\"%s\"}}]}"
            .formatted(index, arguments));
  }
}
