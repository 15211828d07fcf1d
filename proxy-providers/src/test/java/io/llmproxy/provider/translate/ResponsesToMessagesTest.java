package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.sample;
import static io.llmproxy.provider.Replay.utf8;
import static io.llmproxy.provider.translate.StreamedChat.ALLOCATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A caller of Responses and a provider of Messages, by way of Chat Completions.
class ResponsesToMessagesTest {
  private static final String MODEL = "claude-sonnet-5-5";

  @Test
  void aRequestReachesAnthropicWhole() {
    ParsedJson messages =
        messages(
            new String(Golden.of("responses-chat", "messages-agent").in(), StandardCharsets.UTF_8));

    assertThat(messages.at("model")).isEqualTo(MODEL);
    assertThat(messages.at("system.0.text"))
        .isEqualTo("You are a \"careful\" agent.\nAnswer in caf\u00e9 style.");
    assertThat(messages.at("system.1.text")).isEqualTo("Prefer metric units.");
    assertThat(messages.at("messages.1.content.1.type")).isEqualTo("tool_use");
    assertThat(messages.at("messages.1.content.1.id")).isEqualTo("call_1");
    assertThat(messages.at("messages.1.content.1.input.city")).isEqualTo("Paris");
    assertThat(messages.at("messages.2.content.0.tool_use_id")).isEqualTo("call_1");
    assertThat(messages.at("messages.2.content.1.content")).isEqualTo("noon\n\nUTC");
    assertThat(messages.at("messages.4.content.1.text")).isEqualTo("on \ud83d\ude00");
    assertThat(messages.at("tools.0.name")).isEqualTo("get_weather");
    assertThat(messages.at("output_config.effort")).isEqualTo("high");
    assertThat(messages.at("metadata.user_id")).isEqualTo("u-1");
    assertThat(messages.at("stream")).isEqualTo(true);
  }

  @Test
  void filesAndImagesReachAnthropic() {
    ParsedJson messages =
        messages(
            "{'max_output_tokens':100,'input':[{'role':'user','content':[{'type':'input_image',"
                + "'image_url':'data:image/png;base64,AAAA'},{'type':'input_file','filename':"
                + "'a.pdf','file_data':'data:application/pdf;base64,BBBB'}]}]}");

    assertThat(messages.at("messages.0.content.0.source.media_type")).isEqualTo("image/png");
    assertThat(messages.at("messages.0.content.1.type")).isEqualTo("document");
    assertThat(messages.at("messages.0.content.1.source.data")).isEqualTo("BBBB");
  }

  @EdgeCase(39)
  @Test
  void anAnswerComesBackAsItemsWithTheProvidersOwnUsage() {
    Replay replay =
        Replay.of(ResponsesToMessagesTest::stream, sample("anthropic-messages-stream.sse"));
    ResponseStream stream = ResponseStream.of(replay.output());

    assertThat(stream.items)
        .containsExactly(
            "reasoning:The user wants the weather in Paris.",
            "message:I will check the weather.",
            "call:toolu_01T1x1fJ34qAmk2tNTrN7Up6:get_weather:{\"city\": \"Paris\"}");
    assertThat(stream.status).isEqualTo("completed");
    assertThat(stream.id).isEqualTo("resp_01XFDUDYJgAACzvnptvVoYEL");
    assertThat(replay.usage()).isEqualTo(new Usage(25, 1536, 384, 0, 0, 0, 0, 58, 31, 0, 0));
    assertThat(replay.source()).isEqualTo(UsageSource.REPORTED);
    assertThat(replay.complete()).isTrue();
  }

  @EdgeCase(40)
  @Test
  void anErrorOfAnthropicsFailsTheResponse() {
    Replay replay =
        Replay.of(
            ResponsesToMessagesTest::stream, sample("anthropic-messages-stream-overloaded.sse"));

    assertThat(ResponseStream.of(replay.output()).error).isEqualTo("overloaded: Overloaded");
    assertThat(replay.error()).isTrue();
    assertThat(replay.complete()).isFalse();
  }

  @Test
  void aRefusalOfAnthropicsIsIncomplete() {
    String events =
        "data: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"usage\":{}}}\n\n"
            + "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\","
            + "\"stop_details\":{\"explanation\":\"No.\"}},\"usage\":{\"output_tokens\":1}}\n\n"
            + "data: {\"type\":\"message_stop\"}\n\n";
    ResponseStream stream =
        ResponseStream.of(Replay.of(ResponsesToMessagesTest::stream, utf8(events)).output());

    assertThat(stream.items).containsExactly("refusal:No.");
    assertThat(stream.reason).isEqualTo("content_filter");
  }

  @EdgeCase(41)
  @Test
  void anAnswerOfAnthropicsThatIsCutIsNone() {
    byte[] body = sample("anthropic-message-response.json");
    byte[] cut = Arrays.copyOf(body, body.length / 2);

    Replay replay =
        Replay.of(
            () ->
                new ReplyChain(
                    new MessagesToChatJson("asked", 1234),
                    new ChatToResponsesJson(
                        ALLOCATOR, new ResponseHead("asked", "req_1", 1234, ResponseEcho.NONE), 0)),
            cut);

    assertThat(replay.complete()).isFalse();
    assertThat(replay.output()).doesNotContain("\"output\"");
  }

  /// What a Responses request comes to on its way through both translators.
  private static ParsedJson messages(String body) {
    String chat = ResponsesRequests.done(ResponsesRequests.translate(body, ChatTarget.MESSAGES));
    Translation translation =
        ChatToMessages.translate(utf8(chat), MODEL, MessagesModel.of(MODEL), ALLOCATOR);
    return ParsedJson.of(ResponsesRequests.done(translation));
  }

  private static ReplyReader stream() {
    return new ReplyChain(
        new MessagesToChatStream("asked", 1234, true),
        new ChatToResponsesStream(
            ALLOCATOR, new ResponseHead("asked", "req_1", 1234, ResponseEcho.NONE), 0));
  }

  @AfterEach
  void releasesEveryBuffer() {
    StreamedChat.assertNothingHeld();
  }
}
