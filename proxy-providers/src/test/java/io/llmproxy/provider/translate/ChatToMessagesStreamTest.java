package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.sample;
import static io.llmproxy.provider.Replay.utf8;
import static io.llmproxy.provider.translate.StreamedChat.DONE;
import static io.llmproxy.provider.translate.StreamedChat.STOP;
import static io.llmproxy.provider.translate.StreamedChat.chunk;
import static io.llmproxy.provider.translate.StreamedChat.content;
import static io.llmproxy.provider.translate.StreamedChat.delta;
import static io.llmproxy.provider.translate.StreamedChat.readers;
import static io.llmproxy.provider.translate.StreamedChat.reasoning;
import static io.llmproxy.provider.translate.StreamedChat.stream;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Chat Completions streams as a strict client of Messages sees them.
class ChatToMessagesStreamTest {

  @EdgeCase(43)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "openai-chat-stream",
        "openai-chat-stream-tools",
        "glm-chat-stream",
        "glm-chat-stream-tools",
        "glm-chat-stream-tool_stream",
        "groq-chat-stream",
        "groq-chat-stream-tools",
        "xai-chat-stream",
        "sse-torture",
      })
  void saysTheSameHoweverTheStreamIsCut(String name) {
    byte[] body = sample(name + ".sse");
    Replay whole = Replay.of(readers(), body);

    assertThat(whole.complete()).isTrue();
    assertThat(MessageStream.of(whole.output()).stopped).isTrue();
    assertSameAtEveryCut(whole, readers(), body);
  }

  @EdgeCase(7)
  @Test
  void reasoningIsThinkingAndTheMessageStartsOnce() {
    MessageStream stream =
        stream(reasoning("a") + reasoning("b") + content("c") + content("d") + STOP + DONE);

    assertThat(stream.blocks).containsExactly("thinking:ab", "text:cd");
    assertThat(stream.stopReason).isEqualTo("end_turn");
  }

  @EdgeCase(7)
  @Test
  void reasoningThatComesWithContentIsBeforeIt() {
    String both = delta("{\"content\":\"c\",\"reasoning\":\"a\"}");

    assertThat(stream(both + STOP + DONE).blocks).containsExactly("thinking:a", "text:c");
  }

  @ParameterizedTest
  @CsvSource({
    "stop, end_turn",
    "length, max_tokens",
    "content_filter, refusal",
    "sensitive, refusal",
    "model_context_window_exceeded, model_context_window_exceeded",
    "something_new, end_turn",
  })
  void namesTheReasonInTheWordsOfMessages(String finish, String expected) {
    String end = chunk("{\"delta\":{},\"finish_reason\":\"" + finish + "\"}");

    assertThat(stream(content("x") + end + DONE).stopReason).isEqualTo(expected);
  }

  @EdgeCase({9, 10})
  @Test
  void usageBehindTheReasonIsTold() {
    Replay replay = Replay.of(readers(), sample("openai-chat-stream.sse"));
    ParsedJson usage = MessageStream.of(replay.output()).usage;

    assertThat(usage.toString())
        .isEqualTo(
            "{input_tokens=128, cache_creation_input_tokens=384, cache_read_input_tokens=1536,"
                + " output_tokens=57, output_tokens_details={thinking_tokens=32}}");
    assertThat(replay.source()).isEqualTo(UsageSource.REPORTED);
  }

  @EdgeCase(14)
  @Test
  void reasoningOfGrokIsCountedOnTop() {
    Replay replay = Replay.of(readers(), sample("xai-chat-stream.sse"));

    assertThat(MessageStream.of(replay.output()).usage.at("output_tokens")).isEqualTo(103L);
  }

  @EdgeCase(15)
  @Test
  void twoReasonsOfGlmAreOneEnd() {
    Replay replay = Replay.of(readers(), sample("glm-chat-stream-tools.sse"));
    MessageStream stream = MessageStream.of(replay.output());

    assertThat(stream.blocks)
        .containsExactly(
            "thinking:Need the tool.",
            "tool:call_20261122194501f3a9c07be2d54e68_0:get_weather:{\"city\": \"Paris\"}");
    assertThat(stream.stopReason).isEqualTo("tool_use");
  }

  @EdgeCase(16)
  @Test
  void aNetworkErrorOfGlmIsAnErrorAndNoEnd() {
    String end = chunk("{\"delta\":{},\"finish_reason\":\"network_error\"}");
    Replay replay = Replay.of(readers(), utf8(content("x") + end + DONE));
    MessageStream stream = MessageStream.of(replay.output());

    assertThat(stream.error).startsWith("api_error: ");
    assertThat(stream.stopped).isFalse();
    assertThat(replay.error()).isTrue();
    assertThat(replay.complete()).isFalse();
  }

  @EdgeCase(23)
  @Test
  void usageThatGroqSaysTwiceIsCountedOnce() {
    String usage = "{\"prompt_tokens\":10,\"completion_tokens\":4,\"total_tokens\":14}";
    String groq =
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],"
            + "\"x_groq\":{\"usage\":"
            + usage
            + "}}\n\n";
    String openAi = "data: {\"choices\":[],\"usage\":" + usage + "}\n\n";
    Replay replay = Replay.of(readers(), utf8(content("x") + groq + openAi + DONE));

    assertThat(replay.usage()).isEqualTo(new Usage(10, 0, 0, 0, 0, 0, 0, 4, 0, 0, 14));
  }

  @EdgeCase(24)
  @Test
  void anErrorOfGroqEndsTheStreamAsAFailure() {
    String failed = "data: {\"choices\":[],\"x_groq\":{\"error\":\"over \\\"capacity\\\"\"}}\n\n";
    Replay replay = Replay.of(readers(), utf8(content("x") + failed + content("y") + DONE));
    MessageStream stream = MessageStream.of(replay.output());

    assertThat(stream.error).isEqualTo("api_error: over \"capacity\"");
    assertThat(replay.error()).isTrue();
  }

  @EdgeCase(40)
  @ParameterizedTest
  @CsvSource({
    "'{\"message\":\"m\",\"code\":\"rate_limit_exceeded\"}', rate_limit_error: m",
    "'{\"message\":\"m\",\"code\":1305}', overloaded_error: m",
    "'{\"message\":\"m\",\"code\":\"1113\"}', billing_error: m",
    "'{\"code\":null}', api_error: the provider failed and did not say why",
    "'\"plain\"', api_error: plain",
  })
  void anErrorRecordIsAnErrorEvent(String error, String expected) {
    Replay replay =
        Replay.of(readers(), utf8(content("x") + "data: {\"error\":" + error + "}\n\n" + DONE));

    assertThat(MessageStream.of(replay.output()).error).isEqualTo(expected);
  }

  @Test
  void anErrorBeforeAnythingElseStartsNoMessage() {
    Replay replay = Replay.of(readers(), utf8("data: {\"error\":{\"message\":\"m\"}}\n\n"));

    assertThat(MessageStream.of(replay.output()).started).isFalse();
  }

  @EdgeCase(41)
  @Test
  void aStreamThatIsCutGetsNoEnd() {
    Replay replay = Replay.of(readers(), utf8(content("x")));

    assertThat(replay.complete()).isFalse();
    assertThat(replay.error()).isFalse();
    assertThat(MessageStream.of(replay.output()).stopped).isFalse();
  }

  @Test
  void aBodyThatEndsCleanlyBehindItsReasonIsWhole() {
    Replay replay = Replay.of(readers(), utf8(content("x") + STOP));

    assertThat(replay.complete()).isTrue();
    assertThat(MessageStream.of(replay.output()).stopped).isTrue();
  }

  @EdgeCase(46)
  @ParameterizedTest
  @ValueSource(strings = {"data:[DONE]\n\n", "data: [DONE]  \n\n", "data: [DONE]\r\n\r\n"})
  void theTerminatorIsKnownWithSpacesToo(String done) {
    assertThat(stream(content("x") + done).stopped).isTrue();
  }

  @Test
  void aMessageWithoutContentIsOne() {
    Replay replay = Replay.of(readers(), utf8(STOP + DONE));
    MessageStream stream = MessageStream.of(replay.output());

    assertThat(stream.blocks).isEmpty();
    assertThat(stream.stopped).isTrue();
    assertThat(replay.content()).isFalse();
  }

  @Test
  void aRefusalIsTextThatEndsAsOne() {
    MessageStream stream = stream(delta("{\"refusal\":\"no\"}") + STOP + DONE);

    assertThat(stream.blocks).containsExactly("text:no");
    assertThat(stream.stopReason).isEqualTo("refusal");
  }

  @Test
  void contentInPartsIsText() {
    String parts = delta("{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"text\":\"b\"}]}");

    assertThat(stream(parts + STOP + DONE).blocks).containsExactly("text:ab");
  }

  @Test
  void onlyTheFirstChoiceIsRead() {
    String other =
        chunk("{\"index\":1,\"delta\":{\"content\":\"no\"},\"finish_reason\":\"length\"}");

    assertThat(stream(content("yes") + other + STOP + DONE).blocks).containsExactly("text:yes");
  }

  @Test
  void aRecordThatIsNoJsonIsAFailure() {
    Replay replay = Replay.of(readers(), utf8(content("x") + "data: <html>\n\n" + DONE));

    assertThat(MessageStream.of(replay.output()).error).contains("not JSON");
  }

  @Test
  void aLineEndInsideAStringStaysInside() {
    String body = "data: {\"choices\":[{\"delta\":{\"content\":\"a\ndata: b\"}}]}\n\n";

    assertThat(stream(body + STOP + DONE).blocks).containsExactly("text:a\nb");
  }

  @Test
  void showsTheModelAskedForAndTheProvidersId() {
    MessageStream stream = stream(content("x") + STOP + DONE);

    assertThat(stream.model).isEqualTo("asked \"for\"");
    assertThat(stream.id).isEqualTo("msg_up-1");
    assertThat(stream.startUsage.at("input_tokens")).isEqualTo(17L);
  }

  @Test
  void withoutUsageTheCallerIsToldAnEstimate() {
    Replay replay = Replay.of(readers(), utf8(content("12345678") + STOP + DONE));
    ParsedJson usage = MessageStream.of(replay.output()).usage;

    assertThat(usage.at("input_tokens")).isEqualTo(17L);
    assertThat(usage.at("output_tokens")).isEqualTo(2L);
    assertThat(replay.source()).isEqualTo(UsageSource.ESTIMATED);
    assertThat(replay.usage().input()).isZero();
  }

  @Test
  void givesAtMostOneBufferForEachPart() {
    ReplyReader reader = readers().get();
    List<ByteBuf> given = new ArrayList<>();
    reader.read(Unpooled.wrappedBuffer(sample("openai-chat-stream-tools.sse")), given::add);
    assertThat(given).hasSize(1);
    given.forEach(ByteBuf::release);
    reader.release();
  }

  @AfterEach
  void releasesEveryBuffer() {
    StreamedChat.assertNothingHeld();
  }
}
