package io.llmproxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.client.ChatEvent.Finish;
import io.llmproxy.client.ChatEvent.Other;
import io.llmproxy.client.ChatEvent.Reasoning;
import io.llmproxy.client.ChatEvent.Text;
import io.llmproxy.client.ChatEvent.ToolFragment;
import io.llmproxy.client.ChatEvent.UsageTold;
import io.llmproxy.provider.wire.Dialect;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// The bytes of a stream make the same events wherever they are cut.
final class EventReaderTest {

  private static final String CHAT =
      """
      : a comment

      data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

      data: {"id":"c","choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}

      data: {"id":"c","choices":[{"index":0,"delta":{"content":"Grüße \\ud83d\\ude00 \\"q\\""}}]}

      data: {"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"t","function":{"name":"f","arguments":"{\\"a\\":"}}]}}]}

      data: {"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"1}"}}]}}]}

      data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

      data: {"id":"c","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}

      data: [DONE]

      """;

  private static final String MESSAGES =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"m","usage":{"input_tokens":9,"output_tokens":1}}}

      event: ping
      data: {"type":"ping"}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Grüße 😀 \\"q\\""}}

      event: content_block_start
      data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\":1}"}}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":4}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  /// What was told, in short.
  private static List<String> read(Dialect dialect, String stream, int step) {
    List<String> told = new ArrayList<>();
    EventReader reader = new EventReader(dialect, event -> told.add(shown(event)));
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at += step) {
      int length = Math.min(step, bytes.length - at);
      reader.read(Unpooled.copiedBuffer(bytes, at, length));
    }
    reader.finish();
    told.add("last " + (reader.lastRecord() != null));
    told.add("error " + (reader.error() != null));
    told.add("malformed " + reader.isMalformed());
    return told;
  }

  private static String shown(ChatEvent event) {
    return switch (event) {
      case Text text -> "text " + text.text();
      case Reasoning text -> "reasoning " + text.text();
      case ToolFragment part -> "call " + part.index() + part.id() + part.name() + part.arguments();
      case UsageTold told ->
          "usage " + told.usage().totalInput() + " " + told.usage().totalOutput();
      case Finish finish -> "finish " + finish.reason();
      case Other _ -> "other";
      case ChatEvent.End _ -> "end";
    };
  }

  @Test
  void aChatIsToldWhereverItIsCut() {
    List<String> wanted =
        List.of(
            "other",
            "reasoning hm",
            "text Grüße 😀 \"q\"",
            "call 1tf{\"a\":",
            "call 11}",
            "finish stop",
            "usage 9 4",
            "last true",
            "error false",
            "malformed false");
    for (int step = 1; step < 80; step++) {
      assertThat(read(Dialect.OPENAI_CHAT, CHAT, step)).as("cut every %d", step).isEqualTo(wanted);
      String crlf = CHAT.replace("\n", "\r\n");
      assertThat(read(Dialect.OPENAI_CHAT, crlf, step)).isEqualTo(wanted);
    }
  }

  @Test
  void messagesAreToldWhereverTheyAreCut() {
    List<String> wanted =
        List.of(
            "usage 9 1",
            "other",
            "reasoning hm",
            "text Grüße 😀 \"q\"",
            "call 2tf",
            "call 2{\"a\":1}",
            "finish tool_use",
            "usage 9 4",
            "last true",
            "error false",
            "malformed false");
    for (int step = 1; step < 80; step++) {
      assertThat(read(Dialect.ANTHROPIC_MESSAGES, MESSAGES, step)).isEqualTo(wanted);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Dialect.class, mode = Mode.EXCLUDE, names = "OPENAI_RESPONSES")
  void whatIsCutOffWrongOrAnErrorIsNotWhole(Dialect dialect) {
    String text = dialect == Dialect.OPENAI_CHAT ? CHAT : MESSAGES;
    int last = text.lastIndexOf("data: ");
    assertThat(read(dialect, text.substring(0, last), 7)).contains("last false");
    assertThat(read(dialect, "data: {\"error\":{\"message\":\"no\"}}\n\n" + text, 7))
        .containsExactly("last false", "error true", "malformed false");
    assertThat(read(dialect, "data: {\"choices\":[{\n\n" + text, 7))
        .containsExactly("last false", "error false", "malformed true");
    assertThat(read(dialect, text + text, 7)).isEqualTo(read(dialect, text, 7));
  }
}
