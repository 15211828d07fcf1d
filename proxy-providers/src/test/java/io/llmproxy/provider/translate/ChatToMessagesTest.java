package io.llmproxy.provider.translate;

import static io.llmproxy.provider.translate.ChatRequests.HELLO;
import static io.llmproxy.provider.translate.ChatRequests.NEW;
import static io.llmproxy.provider.translate.ChatRequests.OLD;
import static io.llmproxy.provider.translate.ChatRequests.dropped;
import static io.llmproxy.provider.translate.ChatRequests.refusal;
import static io.llmproxy.provider.translate.ChatRequests.sent;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.request.RequestFault;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The fields of a Chat request, but for its conversation.
class ChatToMessagesTest {
  private static final String TOOLS =
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\"}},"
          + "{\"type\":\"function\",\"function\":{\"name\":\"b\"}}]";

  @ParameterizedTest
  @CsvSource({
    "request-tool-conversation, x_unknown messages[].name messages[].reasoning_content stop"
        + " temperature seed",
    "request-media, image_url.detail",
    "request-forced-tool-and-schema, tool_choice",
    "request-budget, tool_choice top_p",
    "request-sampling, top_p safety_identifier presence_penalty"
  })
  void translatesTheGoldenRequests(String name, String dropped) {
    Golden golden = Golden.of("chat-messages", name);
    String in = new String(golden.in(), UTF_8);
    Matcher model = Pattern.compile("\"model\": ?\"([^\"]+)\"").matcher(in);
    assertThat(model.find()).isTrue();

    ChatRequests.Sent sent = ChatRequests.done(model.group(1), in);

    assertThat(sent.body()).isEqualTo(new String(golden.out(), UTF_8));
    assertThat(sent.dropped()).containsExactly(dropped.split(" ", -1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "17",
        "{}",
        "{\"messages\":{}}",
        "{\"messages\":[]}",
        "{\"messages\":[{}]}",
        "{\"messages\":[3]}",
        "{\"messages\":[{\"role\":\"pope\",\"content\":\"x\"}]}",
        "{\"messages\":[{\"role\":\"function\",\"content\":\"x\"}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":",
      })
  void refusesWhatIsNoConversation(String body) {
    assertThat(refusal(NEW, body).message()).contains("expected: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"n\":2 | n",
        "\"logprobs\":true | logprobs",
        "\"logit_bias\":{\"5\":1} | logit_bias",
        "\"modalities\":[\"text\",\"audio\"] | modalities",
        "\"web_search_options\":{} | web_search_options",
        "\"functions\":[] | functions",
        "\"function_call\":\"auto\" | function_call",
        "\"max_tokens\":0 | max_tokens",
        "\"max_completion_tokens\":\"9\" | max_completion_tokens",
        "\"stop\":3 | stop",
        "\"stop\":[\"a\",3] | stop",
        "\"reasoning_effort\":\"huge\" | reasoning_effort",
        "\"response_format\":{\"type\":\"xml\"} | response_format",
        "\"response_format\":{\"type\":\"json_schema\"} | response_format",
        "\"tools\":{} | tools",
        "\"tools\":[{\"type\":\"custom\",\"custom\":{}}] | tools",
        "\"tools\":[{\"type\":\"function\",\"function\":{}}] | tools",
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\",\"parameters\":[]}}] | tools",
        "\"tool_choice\":\"required\" | tool_choice",
        "\"tool_choice\":\"maybe\" | tool_choice",
        "\"tool_choice\":{\"type\":\"custom\",\"custom\":{\"name\":\"a\"}} | tool_choice"
      })
  void refusesWhatWouldChangeTheAnswer(String field, String name) {
    RequestFault fault = refusal(OLD, HELLO, field);

    assertThat(fault.field()).isEqualTo(name);
    assertThat(fault.message()).startsWith(name + ": ").contains("(expected: ");
  }

  @Test
  void leavesOutHintsAndSaysSo() {
    assertThat(
            dropped(
                NEW,
                HELLO,
                "\"seed\":1,\"verbosity\":\"low\",\"metadata\":{\"a\":\"b\"},\"store\":true,"
                    + "\"prediction\":{},\"presence_penalty\":0.1,\"prompt_cache_key\":\"k\","
                    + "\"service_tier\":\"priority\",\"thinking\":{\"type\":\"enabled\"}"))
        .containsExactlyInAnyOrder(
            "seed",
            "verbosity",
            "metadata",
            "store",
            "prediction",
            "presence_penalty",
            "prompt_cache_key",
            "service_tier",
            "thinking");
  }

  @Test
  void saysNothingOfFieldsThatMeanNothing() {
    assertThat(
            dropped(
                NEW,
                HELLO,
                "\"n\":1,\"store\":false,\"presence_penalty\":0,\"frequency_penalty\":0.0,"
                    + "\"seed\":null,\"logprobs\":false,\"logit_bias\":{},\"x\":null,"
                    + "\"modalities\":[\"text\"],\"stream\":false,\"stop\":null,\"tools\":[],"
                    + "\"stream_options\":{\"include_usage\":true},\"tool_choice\":\"auto\""))
        .isEmpty();
  }

  @EdgeCase(25)
  @Test
  void sendsNoTemperatureInTheNewVersion() {
    MessagesModel model = MessagesModel.of(OLD).inVersion(MessagesModel.VERSION_2026);

    ChatRequests.Sent sent =
        ChatRequests.done(
            model, OLD, "{\"messages\":[" + HELLO + "],\"temperature\":1.0,\"top_k\":3}");

    assertThat(sent.body()).doesNotContain("temperature", "top_k");
    assertThat(sent.dropped()).containsExactly("temperature", "top_k");
  }

  @ParameterizedTest
  @CsvSource({"0.7, 0.7", "1, 1", "1.7, 1", "2, 1", "0, 0"})
  void cutsTemperatureAtOne(String asked, String sent) {
    assertThat(sent(OLD, HELLO, "\"temperature\":" + asked))
        .endsWith("\"temperature\":" + sent + "}");
  }

  @Test
  void sendsTopPOnlyWithoutTemperature() {
    assertThat(sent(OLD, HELLO, "\"top_p\":0.25")).endsWith("\"top_p\":0.25}");
    assertThat(dropped(OLD, HELLO, "\"top_p\":0.25,\"temperature\":0.5")).containsExactly("top_p");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"max_completion_tokens\":10,\"max_tokens\":20 | 10",
        "\"max_tokens\":20 | 20",
        "\"max_completion_tokens\":null | 64000",
        "\"max_tokens\":900000 | 64000"
      })
  void limitsTheAnswer(String fields, int limit) {
    assertThat(sent(OLD, HELLO, fields)).contains("\"max_tokens\":" + limit + ",");
  }

  @EdgeCase(26)
  @Test
  void forcesNoCallWhereThatIsRefused() {
    assertThat(sent(NEW, HELLO, TOOLS + ",\"tool_choice\":\"required\""))
        .contains("\"tool_choice\":{\"type\":\"auto\"}", "\"name\":\"a\"", "\"name\":\"b\"");
    assertThat(sent(NEW, HELLO, TOOLS + "," + named("b")))
        .contains("\"tool_choice\":{\"type\":\"auto\"}", "\"name\":\"b\"")
        .doesNotContain("\"name\":\"a\"");
    assertThat(dropped(NEW, HELLO, TOOLS + "," + named("b"))).containsExactly("tool_choice");
  }

  @EdgeCase(26)
  @Test
  void keepsToASchemaWithoutAForcedCall() {
    String format =
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\","
            + "\"schema\":{\"type\":\"object\",\"properties\":{}}}}";

    assertThat(sent(NEW, HELLO, format))
        .endsWith(
            "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":"
                + "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}}}}")
        .doesNotContain("tool");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"none\" | {\"type\":\"none\"}",
        "\"auto\" | {\"type\":\"auto\"}",
        "\"required\" | {\"type\":\"any\"}"
      })
  void saysWhetherToCall(String asked, String sent) {
    assertThat(sent(OLD, HELLO, TOOLS + ",\"tool_choice\":" + asked))
        .contains("\"tool_choice\":" + sent);
  }

  @Test
  void forcesOneCall() {
    assertThat(sent(OLD, HELLO, TOOLS + "," + named("b")))
        .contains("\"tool_choice\":{\"type\":\"tool\",\"name\":\"b\"}", "\"name\":\"a\"");
    assertThat(refusal(OLD, HELLO, TOOLS + "," + named("c")).field()).isEqualTo("tool_choice");
  }

  @EdgeCase(34)
  @Test
  void keepsAllowedToolsAndSingleCalls() {
    String allowed =
        "\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\","
            + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"b\"}}]}}";

    assertThat(sent(OLD, HELLO, TOOLS + ",\"parallel_tool_calls\":false," + allowed))
        .contains(
            "\"tools\":[{\"name\":\"b\",",
            "\"tool_choice\":{\"type\":\"any\",\"disable_parallel_tool_use\":true}")
        .doesNotContain("\"name\":\"a\"");
  }

  @Test
  void asksForSingleCallsOnlyWhereThereMayBeCalls() {
    assertThat(sent(OLD, HELLO, TOOLS + ",\"parallel_tool_calls\":false"))
        .contains("\"tool_choice\":{\"type\":\"auto\",\"disable_parallel_tool_use\":true}");
    assertThat(sent(OLD, HELLO, TOOLS + ",\"parallel_tool_calls\":false,\"tool_choice\":\"none\""))
        .contains("\"tool_choice\":{\"type\":\"none\"}");
    assertThat(sent(OLD, HELLO, "\"parallel_tool_calls\":false")).doesNotContain("tool_choice");
  }

  @EdgeCase(32)
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | {\"type\":\"object\",\"properties\":{}}",
        ",\"parameters\":null | {\"type\":\"object\",\"properties\":{}}",
        ",\"parameters\":{ } | {\"type\":\"object\",\"properties\":{}}",
        ",\"parameters\":{\"properties\":{}} | {\"type\":\"object\",\"properties\":{}}",
        ",\"parameters\":{\"type\":\"object\",\"x\":1} | {\"type\":\"object\",\"x\":1}"
      })
  void aToolHasASchemaOfAnObject(String parameters, String schema) {
    String tool =
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\"" + parameters + "}}]";

    assertThat(sent(OLD, HELLO, tool))
        .contains("\"tools\":[{\"name\":\"a\",\"input_schema\":" + schema + "}]");
  }

  @EdgeCase(27)
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "claude-opus-5-5 | \"output_config\":{\"effort\":\"low\"}",
        "claude-fable-5-2 | \"output_config\":{\"effort\":\"low\"}",
        "claude-sonnet-5-5 | \"thinking\":{\"type\":\"between_tools\"}",
        "claude-haiku-5-5 | \"thinking\":{\"type\":\"disabled\"}",
        "claude-next-9 | \"thinking\":{\"type\":\"disabled\"}"
      })
  void thinksAsLittleAsTheModelCan(String model, String sent) {
    String plain = sent(model, HELLO, "");

    assertThat(sent(model, HELLO, "\"reasoning_effort\":\"none\""))
        .isEqualTo(plain.substring(0, plain.length() - 1) + "," + sent + "}");
  }

  @ParameterizedTest
  @CsvSource({
    "claude-opus-5-5, minimal, low",
    "claude-opus-5-5, xhigh, xhigh",
    "claude-opus-4-6, xhigh, high",
    "claude-opus-4-6, max, max",
    "claude-haiku-5-5, medium, medium"
  })
  void thinksAsHardAsAsked(String model, String asked, String effort) {
    assertThat(sent(model, HELLO, "\"temperature\":1,\"reasoning_effort\":\"" + asked + "\""))
        .contains(
            "\"thinking\":{\"type\":\"adaptive\",\"display\":\"summarized\"},"
                + "\"output_config\":{\"effort\":\""
                + effort
                + "\"}")
        .doesNotContain("temperature");
  }

  @EdgeCase(28)
  @ParameterizedTest
  @CsvSource({
    "low, 10000, 2000, 10000",
    "medium, 10000, 5000, 10000",
    "high, 10000, 8000, 10000",
    "xhigh, 10000, 9500, 10000",
    "low, 1500, 1024, 1500",
    "high, 1024, 1024, 2048",
    "high, 10, 1024, 1034"
  })
  void leavesRoomForTheAnswerBesideTheBudget(String effort, int asked, int budget, int limit) {
    String fields = "\"max_tokens\":" + asked + ",\"reasoning_effort\":\"" + effort + "\"";

    assertThat(sent(OLD, HELLO, fields))
        .contains(
            "\"max_tokens\":" + limit + ",",
            "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":" + budget + "}");
  }

  @Test
  void thinksOnNoBudgetAmidTheAssistantsTurn() {
    String amid =
        HELLO
            + ",{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\","
            + "\"function\":{\"name\":\"a\",\"arguments\":\"{}\"}}]},"
            + "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"1\"}";
    String effort = "\"reasoning_effort\":\"low\"";

    assertThat(sent(OLD, amid, effort)).doesNotContain("thinking");
    assertThat(dropped(OLD, amid, effort)).containsExactly("reasoning_effort");
    assertThat(sent("claude-opus-5", amid, effort)).contains("\"thinking\":{\"type\":\"adaptive\"");
  }

  @Test
  void forcesNoCallWhileThinkingHasABudget() {
    assertThat(
            sent(OLD, HELLO, TOOLS + ",\"tool_choice\":\"required\",\"reasoning_effort\":\"low\""))
        .contains("\"tool_choice\":{\"type\":\"auto\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "u-1, true",
    "a@b.example, false",
    "+49 30 1234567, false",
    "(030) 123-4567, false",
    "5f3a9c, true"
  })
  void tellsWhoAsksUnlessItIsAnAddress(String user, boolean told) {
    String field = "\"user\":\"" + user + "\"";

    assertThat(sent(NEW, HELLO, field).contains("\"metadata\":{\"user_id\":\"" + user + "\"}"))
        .isEqualTo(told);
    assertThat(dropped(NEW, HELLO, field).contains("user")).isEqualTo(!told);
  }

  @Test
  void refusesASchemaThatNestsWithoutEnd() {
    String schema = "{\"items\":".repeat(300) + "{}" + "}".repeat(300);
    String format =
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":"
            + schema
            + "}}";

    assertThat(refusal(NEW, HELLO, format).message()).contains("100 levels");
  }

  @Test
  void refusesASchemaOfAnyProperties() {
    String format =
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":"
            + "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}}}";

    assertThat(refusal(NEW, HELLO, format).field()).isEqualTo("response_format.json_schema.schema");
  }

  @Test
  void sendsTheUpstreamsNameOfTheModel() {
    assertThat(sent("cl\"aude", HELLO, "")).startsWith("{\"model\":\"cl\\\"aude\",");
  }

  private static String named(String tool) {
    return "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"" + tool + "\"}}";
  }
}
