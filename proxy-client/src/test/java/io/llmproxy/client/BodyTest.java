package io.llmproxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.wire.Dialect;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// One request is written in either dialect, and what is given as JSON stands as it is.
final class BodyTest {

  private static final ChatRequest REQUEST =
      ChatRequest.builder()
          .model("m")
          .system("be \"short\"")
          .user("hi\n")
          .message(Message.assistant("", List.of(new ToolCall("t", "f", "{\"a\":1}"))))
          .message(Message.tool("t", "2"))
          .tool(new Tool("f", "does", "{\"type\":\"object\"}"))
          .maxTokens(7)
          .temperature(0.5)
          .stop("END")
          .raw("seed", "12345678901234567890")
          .build();

  private static String text(ByteBuf body) {
    try {
      return body.toString(StandardCharsets.UTF_8);
    } finally {
      body.release();
    }
  }

  @Test
  void writesChatCompletions() {
    assertThat(text(ChatBody.of(REQUEST, "m", true)))
        .isEqualTo(
            """
            {"model":"m","stream":true,"stream_options":{"include_usage":true},\
            "max_completion_tokens":7,"temperature":0.5,"stop":["END"],\
            "tools":[{"type":"function","function":{"name":"f","description":"does",\
            "parameters":{"type":"object"}}}],\
            "messages":[{"role":"system","content":"be \\"short\\""},\
            {"role":"user","content":"hi\\n"},\
            {"role":"assistant","content":"","tool_calls":[{"id":"t","type":"function",\
            "function":{"name":"f","arguments":"{\\"a\\":1}"}}]},\
            {"role":"tool","content":"2","tool_call_id":"t"}],"seed":12345678901234567890}\
            """);
  }

  @Test
  void writesMessages() {
    assertThat(text(MessagesBody.of(REQUEST, "n", false)))
        .isEqualTo(
            """
            {"model":"n","max_tokens":7,"temperature":0.5,"stop_sequences":["END"],\
            "system":"be \\"short\\"","tools":[{"name":"f","description":"does",\
            "input_schema":{"type":"object"}}],\
            "messages":[{"role":"user","content":"hi\\n"},\
            {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f",\
            "input":{"a":1}}]},\
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"2"}]}],\
            "seed":12345678901234567890}\
            """);
  }

  @Test
  void whatIsGivenAsJsonTakesThePlaceOfOurs() {
    ChatRequest raw = ChatRequest.builder().model("m").maxTokens(5).raw("messages", "[1]").build();
    assertThat(text(ChatBody.of(raw, "m", false)))
        .isEqualTo("{\"model\":\"m\",\"max_completion_tokens\":5,\"messages\":[1]}");
  }

  @Test
  void readsAnswersAndLosesNoDigit() {
    ReplyInfo info = new ReplyInfo(200, 1, HttpVersion.HTTP_2, Map.of());
    String message =
        """
        {"content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"yes"},
        {"type":"tool_use","id":"t","name":"f","input":{"a":12345678901234567890,"b":[true,null,"x"]}}],
        "stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":2}}\
        """;
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    ChatAnswer answer =
        Objects.requireNonNull(AnswerReader.chat(Dialect.ANTHROPIC_MESSAGES, bytes, info));
    assertThat(answer.text()).isEqualTo("yes");
    assertThat(answer.reasoning()).isEqualTo("hm");
    assertThat(answer.calls())
        .containsExactly(
            new ToolCall("t", "f", "{\"a\":12345678901234567890,\"b\":[true,null,\"x\"]}"));
    assertThat(answer.usage().totalOutput()).isEqualTo(2);
    for (int end = 0; end < bytes.length; end++) {
      byte[] cut = java.util.Arrays.copyOf(bytes, end);
      assertThat(AnswerReader.chat(Dialect.ANTHROPIC_MESSAGES, cut, info)).as("%d", end).isNull();
    }
  }
}
