package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.sample;
import static io.llmproxy.provider.Replay.shown;
import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every sample, cut everywhere, through the reader that the table names for it.
class ReplyReadersTest {

  @ParameterizedTest
  @CsvSource({
    "openai-chat-stream,          128 1536 0 0 384 0 0 25 32 0 2105",
    "openai-chat-stream-tools,    128 1536 0 0 384 0 0 29 32 0 2109",
    "glm-chat-stream,              64   64 0 0   0 0 0 35 51 0  214",
    "glm-chat-stream-tools,        64   64 0 0   0 0 0 35 51 0  214",
    "glm-chat-stream-tool_stream,  64   64 0 0   0 0 0 35 51 0  214",
    "groq-chat-stream,             14   64 0 0   0 0 0 55 41 0  174",
    "groq-chat-stream-tools,       14   64 0 0   0 0 0 55 41 0  174",
    "xai-chat-stream,              26    6 0 0   0 0 0  9 94 0  135",
  })
  void followsChatStreamsHoweverTheyAreCut(String name, String counts) {
    byte[] body = sample(name + ".sse");
    var expected = new Replay(shown(body), usage(counts), UsageSource.REPORTED, true, true, false);

    assertSameAtEveryCut(
        expected, () -> ReplyReaders.spliced(Operation.CHAT_COMPLETIONS, true, false), body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "openai-chat-stream",
        "openai-chat-stream-tools",
        "xai-chat-stream",
        "groq-chat-stream",
        "glm-chat-stream",
        "sse-torture"
      })
  void stripsTheUsageChunkAndNothingElseHoweverTheStreamIsCut(String name) {
    byte[] body = sample(name + ".sse");
    Replay kept =
        Replay.of(() -> ReplyReaders.spliced(Operation.CHAT_COMPLETIONS, true, false), body);
    var expected =
        new Replay(
            withoutUsageRecord(shown(body), "\n\n"),
            kept.usage(),
            kept.source(),
            true,
            true,
            false);

    assertSameAtEveryCut(
        expected, () -> ReplyReaders.spliced(Operation.CHAT_COMPLETIONS, true, true), body);
  }

  @ParameterizedTest
  @CsvSource({
    "openai-chat-stream, true",
    "openai-chat-stream, false",
    "xai-chat-stream, true",
    "xai-chat-stream, false"
  })
  void stripsUsageFromStreamsWithOtherLineEnds(String name, boolean lineFeeds) {
    String lineEnd = lineFeeds ? "\r\n" : "\r";
    byte[] original = sample(name + ".sse");
    String text = shown(original).replace("\n", lineEnd);
    byte[] body = text.getBytes(StandardCharsets.ISO_8859_1);
    Replay kept =
        Replay.of(() -> ReplyReaders.spliced(Operation.CHAT_COMPLETIONS, true, false), original);
    var expected =
        new Replay(
            withoutUsageRecord(text, lineEnd + lineEnd),
            kept.usage(),
            UsageSource.REPORTED,
            true,
            true,
            false);

    assertSameAtEveryCut(
        expected, () -> ReplyReaders.spliced(Operation.CHAT_COMPLETIONS, true, true), body);
  }

  @ParameterizedTest
  @CsvSource({
    "anthropic-messages-stream,                25 1536 384 0 0 0 0 58 31 0 0, true",
    "anthropic-messages-stream-empty,          25    0   0 0 0 0 0  2  0 0 0, false",
    "anthropic-messages-stream-unknown-events, 25    0   0 0 0 0 0  3  0 0 0, true",
  })
  void followsMessagesStreamsHoweverTheyAreCut(String name, String counts, boolean content) {
    byte[] body = sample(name + ".sse");
    var expected =
        new Replay(shown(body), usage(counts), UsageSource.REPORTED, true, content, false);

    assertSameAtEveryCut(
        expected, () -> ReplyReaders.spliced(Operation.MESSAGES, true, false), body);
  }

  @EdgeCase(40)
  @Test
  void seesThatAnOverloadedMessagesStreamFailed() {
    byte[] body = sample("anthropic-messages-stream-overloaded.sse");
    // 11 bytes of text in one event, estimated as 2 tokens.
    Usage usage = new Usage(25, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0);
    var expected = new Replay(shown(body), usage, UsageSource.PARTIAL, false, true, true);

    assertSameAtEveryCut(
        expected, () -> ReplyReaders.spliced(Operation.MESSAGES, true, false), body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "\r"})
  void followsMessagesStreamsWithOtherLineEnds(String lineEnd) {
    byte[] original = sample("anthropic-messages-stream.sse");
    byte[] body = shown(original).replace("\n", lineEnd).getBytes(StandardCharsets.ISO_8859_1);
    Replay clean = Replay.of(() -> ReplyReaders.spliced(Operation.MESSAGES, true, false), original);
    var expected = new Replay(shown(body), clean.usage(), UsageSource.REPORTED, true, true, false);

    assertSameAtEveryCut(
        expected, () -> ReplyReaders.spliced(Operation.MESSAGES, true, false), body);
  }

  @ParameterizedTest
  @CsvSource({
    "openai-chat-response,       CHAT_COMPLETIONS, 128 1536   0 0 384 0 0 25 32 0 2105",
    "glm-chat-response,          CHAT_COMPLETIONS,  64   64   0 0   0 0 0 35 51 0  214",
    "xai-chat-response,          CHAT_COMPLETIONS,  26    6   0 0   0 0 0  9 94 0  135",
    "openai-embeddings-response, EMBEDDINGS,         9    0   0 0   0 0 0  0  0 0    9",
    "anthropic-message-response, MESSAGES,          25 1536 384 0   0 0 0 58 31 0    0",
    "anthropic-count-tokens-response, COUNT_TOKENS,  0    0   0 0   0 0 0  0  0 0    0",
  })
  void followsJsonRepliesHoweverTheyAreCut(String name, Operation operation, String counts) {
    byte[] body = sample(name + ".json");
    var expected = new Replay(shown(body), usage(counts), UsageSource.REPORTED, true, true, false);

    assertSameAtEveryCut(expected, () -> ReplyReaders.spliced(operation, false, true), body);
  }

  @EdgeCase(50)
  @ParameterizedTest
  @ValueSource(strings = {"[0.5,-0.25]", "\"AAAAPwAAgL4=\""})
  void givesEmbeddingsOnInTheFormTheyCameIn(String embedding) {
    byte[] body =
        utf8(
            "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":"
                + embedding
                + "}],\"model\":\"m\",\"usage\":{\"prompt_tokens\":9,\"total_tokens\":9}}");
    Usage usage = new Usage(9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9);
    var expected = new Replay(shown(body), usage, UsageSource.REPORTED, true, true, false);

    assertSameAtEveryCut(
        expected, () -> ReplyReaders.spliced(Operation.EMBEDDINGS, false, false), body);
  }

  @EdgeCase(20)
  @Test
  void seesAnErrorUnderAStatusOfSuccess() {
    byte[] body =
        utf8("{\"code\":\"The service is currently unavailable\",\"error\":\"Try later.\"}");
    var expected = new Replay(shown(body), Usage.NONE, UsageSource.ESTIMATED, false, false, true);

    assertSameAtEveryCut(
        expected, () -> ReplyReaders.spliced(Operation.CHAT_COMPLETIONS, false, false), body);
  }

  @EdgeCase(41)
  @ParameterizedTest
  @ValueSource(strings = {"openai-chat-stream", "glm-chat-stream", "xai-chat-stream"})
  void doesNotTakeACutStreamForWhole(String name) {
    byte[] body = sample(name + ".sse");
    int last = shown(body).indexOf("data: [DONE]");
    byte[] cut = Arrays.copyOf(body, last + "data: [DONE".length());

    Replay replay =
        Replay.of(() -> ReplyReaders.spliced(Operation.CHAT_COMPLETIONS, true, false), cut);

    assertThat(replay.complete()).isFalse();
  }

  @Test
  void followsAResponsesStreamHoweverItIsCut() {
    byte[] body = sample("openai-responses-stream.sse");
    Usage usage = usage("128 1536 0 0 384 0 0 42 32 0 2122");
    var expected = new Replay(shown(body), usage, UsageSource.REPORTED, true, true, false);

    assertSameAtEveryCut(
        expected, () -> ReplyReaders.spliced(Operation.RESPONSES, true, false), body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai-responses-stream-failed", "openai-responses-stream-error-event"})
  void seesThatAResponseFailedHoweverItsStreamIsCut(String name) {
    byte[] body = sample(name + ".sse");
    var expected = new Replay(shown(body), Usage.NONE, UsageSource.ESTIMATED, false, false, true);

    assertSameAtEveryCut(
        expected, () -> ReplyReaders.spliced(Operation.RESPONSES, true, false), body);
  }

  /// The counts in the order of the record's components.
  private static Usage usage(String counts) {
    long[] n = Arrays.stream(counts.split(" +")).mapToLong(Long::parseLong).toArray();
    return new Usage(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10]);
  }

  private static String withoutUsageRecord(String stream, String end) {
    return Arrays.stream(stream.split("(?<=" + end + ")"))
        .filter(record -> !record.contains("\"choices\":[],\"usage\":{"))
        .collect(Collectors.joining());
  }
}
