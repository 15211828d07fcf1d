package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.sample;
import static io.llmproxy.provider.Replay.shown;
import static io.llmproxy.provider.Replay.utf8;
import static io.llmproxy.provider.translate.StreamedChat.ALLOCATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams of GLM and Groq as a caller of Chat Completions receives them.
class ChatToChatStreamTest {
  private static final String OBJECT = "\"object\":\"chat.completion.chunk\",";
  private static final String DONE = "data: [DONE]\n\n";

  @Test
  void anErrorInABrokenRecordIsNotTheNextOnes() {
    String text = chunk(OBJECT, "{\"content\":\"x\"}", null);
    byte[] body = utf8("data: {\"error\":\"no\",\n\n" + text + DONE);
    Replay replay = replay(body);

    assertThat(replay.output()).isEqualTo(shown(body));
    assertSameAtEveryCut(replay, ChatToChatStreamTest::glm, body);
  }

  @EdgeCase(15)
  @Test
  void twoReasonsOfGlmAreOne() {
    byte[] body = sample("glm-chat-stream-tools.sse");
    int second = shown(body).lastIndexOf("[{");
    int end = shown(body).indexOf("}]", second) + 2;
    String expected = shown(body).substring(0, second) + "[]" + shown(body).substring(end);
    Replay replay = replay(body);

    assertThat(replay.output()).isEqualTo(expected).containsOnlyOnce("\"finish_reason\":\"");
    assertThat(replay.complete()).isTrue();
    assertThat(replay.usage()).isEqualTo(new Usage(64, 64, 0, 0, 0, 0, 0, 35, 51, 0, 214));
    assertSameAtEveryCut(replay, ChatToChatStreamTest::glm, body);
  }

  @EdgeCase(15)
  @ParameterizedTest
  @ValueSource(strings = {"{\"content\":\"x\"}", "{\"tool_calls\":[{\"index\":0}]}"})
  void whatComesAfterTheReasonIsKept(String delta) {
    String first = chunk(OBJECT, "{}", "stop");
    byte[] body = utf8(first + chunk(OBJECT, delta, "stop") + DONE);

    assertThat(replay(body).output()).isEqualTo(first + chunk(OBJECT, delta, null) + DONE);
  }

  @EdgeCase(16)
  @ParameterizedTest
  @CsvSource({"sensitive, content_filter", "model_context_window_exceeded, length"})
  void reasonsThatOpenAiDoesNotHaveAreItsOwn(String reason, String expected) {
    byte[] body = utf8(chunk(OBJECT, "{\"content\":\"x\"}", reason) + DONE);
    Replay replay = replay(body);

    assertThat(replay.output()).isEqualTo(chunk(OBJECT, "{\"content\":\"x\"}", expected) + DONE);
    assertThat(replay.complete()).isTrue();
    assertSameAtEveryCut(replay, ChatToChatStreamTest::glm, body);
  }

  @EdgeCase(40)
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // As GLM and as xAI tell it.
        "{\"error\":{\"code\":\"500\",\"message\":\"m\"}} | server_error | server_error",
        "{\"error\":{\"code\":\"1302\",\"message\":\"m\"}} | rate_limit_error | rate_limit_exceeded",
        "{\"code\":\"The service is currently unavailable\",\"error\":\"m\"} | server_error"
            + " | server_error"
      })
  void anErrorThatIsToldOtherwiseIsToldAsOpenAiDoes(String said, String type, String code) {
    String content = chunk(OBJECT, "{\"content\":\"x\"}", null);
    byte[] body = utf8(content + "data: " + said + "\n\n" + content + DONE);
    Replay replay = replay(body);

    assertThat(replay.output())
        .isEqualTo(
            content
                + "data: {\"error\":{\"message\":\"m\",\"type\":\"%s\",\"param\":null,\"code\":\"%s\"}}\n\n"
                    .formatted(type, code));
    assertThat(replay.error()).isTrue();
    assertThat(replay.complete()).isFalse();
    assertSameAtEveryCut(replay, ChatToChatStreamTest::glm, body);
  }

  @EdgeCase(40)
  @Test
  void anErrorThatIsToldAsOpenAiDoesGoesOnAsItCame() {
    byte[] body =
        utf8(
            "data: {\"error\":{\"message\":\"m\",\"type\":\"x\",\"failed_generation\":\"y\"}}\n\n");

    assertThat(replay(body).output()).isEqualTo(shown(body));
    assertThat(replay(body).error()).isTrue();
  }

  @EdgeCase({16, 40})
  @Test
  void aNetworkErrorOfGlmIsAnErrorAndNoEnd() {
    String content = chunk(OBJECT, "{\"content\":\"x\"}", null);
    byte[] body = utf8(content + chunk(OBJECT, "{}", "network_error") + content + DONE);
    Replay replay = replay(body);

    assertThat(replay.output())
        .isEqualTo(content + error("the provider's model failed: network_error"));
    assertThat(replay.error()).isTrue();
    assertThat(replay.complete()).isFalse();
    assertSameAtEveryCut(replay, ChatToChatStreamTest::glm, body);
  }

  @EdgeCase(17)
  @ParameterizedTest
  @ValueSource(strings = {"glm-chat-stream", "glm-chat-stream-tool_stream"})
  void everyChunkSaysWhatItIs(String name) {
    String whole = shown(sample(name + ".sse"));
    byte[] body = bytes(whole.replace(OBJECT, ""));
    Replay replay = replay(body);

    assertThat(whole).contains(OBJECT);
    assertThat(replay.output())
        .isEqualTo(usageApart(whole.replace(OBJECT, "").replace("data: {", "data: {" + OBJECT)));
    assertThat(replay.usage()).isEqualTo(replay(bytes(whole)).usage());
    assertSameAtEveryCut(replay, ChatToChatStreamTest::glm, body);
  }

  @EdgeCase({24, 40})
  @ParameterizedTest
  @CsvSource({
    "'\"over \\\"capacity\\\"\"', over \\\"capacity\\\"",
    "'{\"code\":1}', the provider failed and did not say why"
  })
  void anErrorInsideXGroqIsAnErrorOfTheDialect(String error, String message) {
    String content = chunk(OBJECT, "{\"content\":\"x\"}", null);
    String failed = "data: {\"choices\":[],\"x_groq\":{\"id\":\"r\",\"error\":" + error + "}}\n\n";
    byte[] body = utf8(content + failed + content + DONE);
    Replay replay = replay(body);

    assertThat(replay.output()).isEqualTo(content + error(message));
    assertThat(replay.error()).isTrue();
    assertThat(replay.complete()).isFalse();
    assertSameAtEveryCut(replay, ChatToChatStreamTest::glm, body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"groq-chat-stream", "groq-chat-stream-tools"})
  void whatNeedsNoCorrectionGoesOnAsItCame(String name) {
    byte[] body = sample(name + ".sse");
    Replay spliced =
        Replay.of(() -> ReplyReaders.spliced(Operation.CHAT_COMPLETIONS, true, false), body);

    assertSameAtEveryCut(spliced, ChatToChatStreamTest::glm, body);
  }

  @Test
  void aPartThatNeedsNoCorrectionIsGivenItself() {
    ByteBuf part = Unpooled.wrappedBuffer(sample("groq-chat-stream.sse"));
    List<ByteBuf> given = new ArrayList<>();
    ReplyReader reader = glm();

    reader.read(part, given::add);
    reader.release();

    assertThat(given).containsExactly(part);
    assertThat(part.release()).isTrue();
  }

  @Test
  void usageBesideAChoiceGetsAChunkOfItsOwn() {
    byte[] body = sample("glm-chat-stream.sse");
    Replay replay = replay(body);

    assertThat(replay.output())
        .isEqualTo(usageApart(shown(body)))
        .contains("\"usage\":null}\n\n")
        .contains("\"choices\":[],\"usage\":{\"prompt_tokens\":128,");
    assertThat(replay.usage()).isEqualTo(new Usage(64, 64, 0, 0, 0, 0, 0, 35, 51, 0, 214));
    assertSameAtEveryCut(replay, ChatToChatStreamTest::glm, body);
  }

  @Test
  void usageThatComesBeforeTheChoicesGetsAChunkOfItsOwnToo() {
    String usage = "{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}";
    String choices = "[{\"index\":0,\"delta\":{},\"finish_reason\":\"%s\"}]";
    String chunk = "data: {\"usage\":%s,\"choices\":%s}\n\n";
    byte[] body = utf8(chunk.formatted(usage, choices.formatted("sensitive")) + DONE);
    String object = "data: {" + OBJECT;

    assertThat(replay(body).output())
        .isEqualTo(
            chunk.formatted("null", choices.formatted("content_filter")).replace("data: {", object)
                + chunk.formatted(usage, "[]").replace("data: {", object)
                + DONE);
  }

  @Test
  void usageOfGlmThatTheCallerDidNotAskForIsLeftOut() {
    byte[] body = sample("glm-chat-stream.sse");
    Replay replay = Replay.of(() -> ReplyReaders.chat(ChatTarget.GLM, true, true, ALLOCATOR), body);

    assertThat(replay.output()).doesNotContain("prompt_tokens").contains("\"usage\":null}");
    assertThat(replay.usage()).isEqualTo(new Usage(64, 64, 0, 0, 0, 0, 0, 35, 51, 0, 214));
    assertThat(replay.complete()).isTrue();
  }

  @Test
  void leavesOutTheUsageThatTheCallerDidNotAskFor() {
    byte[] body = sample("groq-chat-stream.sse");
    Replay spliced =
        Replay.of(() -> ReplyReaders.spliced(Operation.CHAT_COMPLETIONS, true, true), body);

    assertSameAtEveryCut(
        spliced, () -> ReplyReaders.chat(ChatTarget.GROQ, true, true, ALLOCATOR), body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "\r"})
  void takesAnyLineEnd(String lineEnd) {
    String text = shown(sample("glm-chat-stream-tools.sse")).replace("\n", lineEnd);
    byte[] body = bytes(text.replace(OBJECT, "") + ": c" + lineEnd + lineEnd);
    Replay replay = replay(body);

    assertThat(replay.complete()).isTrue();
    assertThat(replay.output().split(OBJECT, -1)).hasSize(4);
    assertSameAtEveryCut(replay, ChatToChatStreamTest::glm, body);
  }

  @Test
  void dataOfSeveralLinesStaysSo() {
    String chunk = "{\"choices\":[{\"delta\":{},\ndata: \"finish_reason\":\"sensitive\"}]}\n\n";

    assertThat(replay(utf8("data: " + chunk)).output())
        .isEqualTo("data: {" + OBJECT + chunk.substring(1).replace("sensitive", "content_filter"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"error\":null}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"x\"\n\n",
        "data: <html>\n\n",
        "data: 17\n\n",
        "data: {}\n\n",
        "event: x\nid: 7\n\n",
        ": c\n\n",
      })
  void leavesAloneWhatIsNoChunk(String record) {
    byte[] body = utf8(record + record + DONE);

    assertThat(replay(body).output()).isEqualTo(shown(body));
  }

  @EdgeCase(41)
  @Test
  void doesNotTakeAStreamForWholeThatBreaksOff() {
    byte[] body = sample("glm-chat-stream-tools.sse");
    for (int length = 1; length < body.length - 8; length++) {
      Replay replay = replay(Arrays.copyOf(body, length));

      assertThat(replay.complete()).as("%d bytes", length).isFalse();
      assertThat(replay.output()).doesNotContain("[DONE]");
    }
  }

  @Test
  void aRecordTooLongToHoldGoesOnAsItCame() {
    byte[] mebibyte = utf8("x".repeat(1 << 20));
    ReplyReader reader = glm();
    long[] given = new long[1];
    int sent = 0;
    reader.read(Unpooled.wrappedBuffer(utf8("data: {\"a\":\"")), part -> count(part, given));
    for (int i = 0; i < 20; i++) {
      reader.read(Unpooled.wrappedBuffer(mebibyte), part -> count(part, given));
      sent += mebibyte.length;
    }
    String next = "\"}\n\n" + chunk("", "{}", "stop");
    reader.read(Unpooled.wrappedBuffer(utf8(next)), part -> count(part, given));
    reader.release();

    assertThat(given[0]).isEqualTo(12 + sent + next.length() + OBJECT.length());
  }

  @Test
  void releasesAllWhereverItIsLeft() {
    byte[] body = bytes(shown(sample("glm-chat-stream-tools.sse")).replace(OBJECT, ""));
    for (int length = 1; length <= body.length; length += 7) {
      ReplyReader reader = glm();
      ByteBuf part = ALLOCATOR.heapBuffer(length).writeBytes(body, 0, length);
      reader.read(part, ByteBuf::release);
      reader.release();
    }
    StreamedChat.assertNothingHeld();
  }

  @ParameterizedTest
  @CsvSource({"OPENAI, true", "GROK, false", "COMPATIBLE, true", "GROQ, false", "OPENAI, false"})
  void providersThatKeepToTheDialectAreSpliced(ChatTarget target, boolean eventStream) {
    ReplyReader reader = ReplyReaders.chat(target, eventStream, false, ALLOCATOR);

    assertThat(reader)
        .hasSameClassAs(ReplyReaders.spliced(Operation.CHAT_COMPLETIONS, eventStream, false));
    reader.release();
  }

  @Test
  void estimatesWhatNobodyReported() {
    Replay replay = replay(utf8(chunk("", "{\"content\":\"12345678\"}", null)));

    assertThat(replay.usage()).isEqualTo(Usage.NONE.plusOutput(2));
    assertThat(replay.source()).isEqualTo(UsageSource.ESTIMATED);
    assertThat(replay.content()).isTrue();
  }

  @AfterEach
  void releasesEveryBuffer() {
    StreamedChat.assertNothingHeld();
  }

  /// The stream with the usage of its last chunk in a chunk of its own.
  private static String usageApart(String stream) {
    int to = stream.lastIndexOf("}\n\n" + DONE);
    int from = stream.lastIndexOf("\"usage\":", to) + 8;
    int record = stream.lastIndexOf("data: {", from);
    String last = stream.substring(record, stream.indexOf("\"choices\":", record) + 10);
    return stream.substring(0, from)
        + "null}\n\n"
        + last
        + "[],\"usage\":"
        + stream.substring(from);
  }

  private static ReplyReader glm() {
    return ReplyReaders.chat(ChatTarget.GLM, true, false, ALLOCATOR);
  }

  private static Replay replay(byte[] body) {
    return Replay.of(ChatToChatStreamTest::glm, body);
  }

  private static String chunk(String first, String delta, @Nullable String reason) {
    String quoted = reason == null ? "null" : "\"" + reason + "\"";
    return "data: {%s\"id\":\"i\",\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}\n\n"
        .formatted(first, delta, quoted);
  }

  private static String error(String message) {
    return "data: {\"error\":{\"message\":\"%s\",\"type\":\"server_error\",\"param\":null,\"code\":\"upstream_error\"}}\n\n"
        .formatted(message);
  }

  private static byte[] bytes(String shown) {
    return shown.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void count(ByteBuf part, long[] given) {
    given[0] += part.readableBytes();
    part.release();
  }
}
