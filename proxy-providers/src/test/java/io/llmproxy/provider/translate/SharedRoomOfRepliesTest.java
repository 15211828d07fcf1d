package io.llmproxy.provider.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.SharedRoom;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever reads a reply gathers one that goes on and on no further than there is room, and gives
/// up the room when it is released, wherever the reply stands.
final class SharedRoomOfRepliesTest {

  private static final ResponseHead HEAD = new ResponseHead("m", "r1", 1, ResponseEcho.NONE);

  enum Reading {
    CHAT_AS_IT_CAME("data: {", of(Operation.CHAT_COMPLETIONS, true)),
    MESSAGES_AS_THEY_CAME("data: {", of(Operation.MESSAGES, true)),
    RESPONSES_AS_THEY_CAME("data: {", of(Operation.RESPONSES, true)),
    CHAT_TO_CHAT("data: {", a -> ReplyReaders.chat(ChatTarget.GLM, true, false, a)),
    CHAT_TO_MESSAGES("data: {", a -> new ChatToMessagesStream(a, "m", "r1", 7)),
    CHAT_TO_RESPONSES("data: {", a -> new ChatToResponsesStream(a, HEAD, 7)),
    MESSAGES_TO_CHAT("data: {", _ -> new MessagesToChatStream("m", 1, true)),
    BOTH(
        "data: {",
        a ->
            new ReplyChain(
                new MessagesToChatStream("m", 1, true), new ChatToResponsesStream(a, HEAD, 7))),
    STREAM_AS_JSON(
        "data: {",
        a ->
            ReshapedReply.json(
                ReplyReaders.spliced(Operation.CHAT_COMPLETIONS, true, false),
                Operation.CHAT_COMPLETIONS,
                a)),
    JSON_AS_STREAM(
        "{",
        a ->
            ReshapedReply.stream(
                ReplyReaders.spliced(Operation.CHAT_COMPLETIONS, false, false),
                Operation.CHAT_COMPLETIONS,
                true,
                a)),
    CHAT_JSON("{", a -> ReplyReaders.chat(ChatTarget.GLM, false, false, a)),
    CHAT_JSON_TO_MESSAGES("{", a -> new ChatToMessagesJson(a, "m", "r1", 7)),
    CHAT_JSON_TO_RESPONSES("{", a -> new ChatToResponsesJson(a, HEAD, 7)),
    MESSAGES_JSON_TO_CHAT("{", _ -> new MessagesToChatJson("m", 1));

    private final String beginning;
    private final Function<ByteBufAllocator, ReplyReader> readers;

    Reading(String beginning, Function<ByteBufAllocator, ReplyReader> readers) {
      this.beginning = beginning;
      this.readers = readers;
    }

    private static Function<ByteBufAllocator, ReplyReader> of(Operation operation, boolean stream) {
      return _ -> ReplyReaders.spliced(operation, stream, false);
    }
  }

  @ParameterizedTest
  @EnumSource(Reading.class)
  void isTakenAndGivenUp(Reading reading) {
    long before = SharedRoom.takenBytes();
    for (int megabytes : new int[] {2, 40}) {
      for (boolean finished : new boolean[] {false, true}) {
        ReplyReader reader = reading.readers.apply(ByteBufAllocator.DEFAULT);
        read(reader, reading.beginning + "\"x\":\"");
        boolean taken = false;
        for (int i = 0; i < megabytes; i++) {
          read(reader, "y".repeat(1 << 20));
          taken |= SharedRoom.takenBytes() > before;
        }
        assertThat(taken).as("takes room").isTrue();
        if (finished) {
          reader.finish(ByteBuf::release);
        }
        reader.release();
        assertThat(SharedRoom.takenBytes())
            .as("%d MiB, finished: %b", megabytes, finished)
            .isEqualTo(before);
      }
    }
  }

  private static void read(ReplyReader reader, String text) {
    reader.read(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.US_ASCII)), ByteBuf::release);
  }
}
