package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.request.RequestFault;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests of Messages as providers of Chat Completions receive them.
class MessagesToChatTest {
  private static final String USER = "{\"role\":\"user\",\"content\":\"hi\"}";
  private static final String TOOL =
      "{\"name\":\"get\",\"input_schema\":{\"type\":\"object\",\"properties\":{}}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'max_tokens':0                                   | max_tokens",
        "'max_tokens':'9'                                 | max_tokens",
        "'max_tokens':1.5                                 | max_tokens",
        "'max_tokens':9,'stop_sequences':'x'              | stop_sequences",
        "'max_tokens':9,'stop_sequences':['a','b','c','d','e'] | stop_sequences",
        "'max_tokens':9,'tools':{}                        | tools",
        "'max_tokens':9,'tools':[{'input_schema':{}}]     | tools[0].name",
        "'max_tokens':9,'tools':[TOOL],'tool_choice':{'type':'some'} | tool_choice.type",
        "'max_tokens':9,'thinking':{'type':'wild'}        | thinking.type",
        "'max_tokens':9,'thinking':{'type':'enabled'}     | thinking.budget_tokens",
        "'max_tokens':9,'output_config':{'effort':'huge'} | output_config.effort",
        "'max_tokens':9,'output_config':{'format':{'type':'x'}} | output_config.format",
        "'max_tokens':9,'temperature':'hot'               | temperature",
      })
  void refusesWhatCannotBeMapped(String fields, String field) {
    String body = "{" + fields + ",'messages':[" + USER + "]}";

    assertThat(fault(body, "gpt-4.1", ChatTarget.OPENAI).field()).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'x'                                              | messages",
        "[]                                               | messages",
        "[1]                                              | messages[0]",
        "[{'role':'robot','content':'x'}]                 | messages[0].role",
        "[{'role':'user'}]                                | messages[0].content",
        "[{'role':'user','content':['x']}]                | messages[0].content[0]",
        "[{'role':'user','content':[{'type':'hologram'}]}] | messages[0].content[0]",
        "[{'role':'user','content':[{'type':'text','text':5}]}]" + " | messages[0].content[0].text",
        "[{'role':'user','content':[{'type':'text'}]}] | messages[0].content[0].text",
        "[{'role':'user','content':[{'type':'image','source':{'type':'file','file_id':'f'}}]}]"
            + " | messages[0].content[0].source",
        "[{'role':'user','content':[{'type':'document','source':{'type':'url','url':'u'}}]}]"
            + " | messages[0].content[0].source",
        "[{'role':'user','content':[{'type':'tool_result'}]}] | messages[0].content[0].tool_use_id",
        "[{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'b','input':'{}'}]}]"
            + " | messages[0].content[0].input",
        "[{'role':'assistant','content':[{'type':'image'}]}] | messages[0].content[0]",
      })
  void refusesMessagesThatCannotBeMapped(String messages, String field) {
    String body = "{'max_tokens':9,'messages':" + messages + "}";

    assertThat(fault(body, "gpt-4.1", ChatTarget.OPENAI).field()).isEqualTo(field);
  }

  @Test
  void aFaultDoesNotRepeatAllThatACallerSent() {
    String body =
        "{'max_tokens':9,'messages':[{'role':'user','content':[{'type':'%s'}]}]}"
            .formatted("x".repeat(100_000));

    assertThat(fault(body, "gpt-4.1", ChatTarget.OPENAI).message()).hasSizeLessThan(400);
  }

  @Test
  void aFaultSaysWhatWasFoundAndWhatIsExpected() {
    RequestFault fault = fault("{'messages':[" + USER + "]}", "gpt-4.1", ChatTarget.OPENAI);

    assertThat(fault.kind()).isEqualTo(RequestFault.Kind.MISSING_FIELD);
    assertThat(fault.message())
        .isEqualTo("max_tokens: missing (expected: a whole number of tokens, at least 1)");
  }

  @Test
  void glmTakesOneStopWordAndNoSchema() {
    String stops = "{'max_tokens':9,'stop_sequences':['a','b'],'messages':[" + USER + "]}";
    String schema =
        "{'max_tokens':9,'output_format':{'type':'json_schema','schema':{}},'messages':["
            + USER
            + "]}";

    assertThat(fault(stops, "glm-5.3", ChatTarget.GLM).field()).isEqualTo("stop_sequences");
    assertThat(fault(schema, "glm-5.3", ChatTarget.GLM).field()).isEqualTo("output_format");
  }

  @Test
  void unknownFieldsAreLeftOutAndNamed() {
    String body =
        "{'max_tokens':9,'top_k':5,'mcp_servers':[],'metadata':{'x':1},'messages':[" + USER + "]}";

    assertThat(dropped(body, ChatTarget.OPENAI))
        .containsExactly("top_k", "mcp_servers", "metadata.x");
  }

  @Test
  void namesOfFieldsAreFitForAHeader() {
    String body = "{'max_tokens':9,'a b,\u00e9\\r\\n':5,'messages':[" + USER + "]}";

    assertThat(dropped(body, ChatTarget.OPENAI)).containsExactly("a?b??\\r\\n");
  }

  @EdgeCase(30)
  @Test
  void thinkingGoesOnlyToWhomReadsIt() {
    String body =
        "{'max_tokens':9,'messages':["
            + USER
            + ",{'role':'assistant','content':[{'type':'thinking','thinking':'hm','signature':'x'},"
            + "{'type':'text','text':'ok'}]}]}";

    assertThat(chat(body, "glm-5.3", ChatTarget.GLM).at("messages.1.reasoning_content"))
        .isEqualTo("hm");
    assertThat(chat(body, "m", ChatTarget.GROQ).at("messages.1.reasoning")).isEqualTo("hm");
    assertThat(chat(body, "gpt-5", ChatTarget.OPENAI).toString()).doesNotContain("hm");
    assertThat(dropped(body, ChatTarget.OPENAI)).containsExactly("messages.thinking");
  }

  @EdgeCase(31)
  @Test
  void aChoiceOfAToolThatWasLeftOutIsLeftOutToo() {
    String body =
        "{'max_tokens':9,'tools':[{'type':'web_search_20250305','name':'web_search'},"
            + TOOL
            + "],'tool_choice':{'type':'tool','name':'web_search'},'messages':["
            + USER
            + "]}";

    assertThat(chat(body, "gpt-5", ChatTarget.OPENAI).has("tool_choice")).isFalse();
    assertThat(dropped(body, ChatTarget.OPENAI))
        .containsExactly("tools.web_search_20250305", "tool_choice");
  }

  @EdgeCase(31)
  @Test
  void noToolsAreSentWhereNoneIsLeft() {
    String body =
        "{'max_tokens':9,'tools':[{'type':'web_search_20250305','name':'web_search'}],"
            + "'tool_choice':{'type':'any'},'messages':["
            + USER
            + "]}";
    ParsedJson chat = chat(body, "grok-4.7", ChatTarget.GROK);

    assertThat(chat.has("tools")).isFalse();
    assertThat(chat.has("tool_choice")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"auto, auto", "any, required", "none, none"})
  void choosesToolsInTheWordsOfChat(String choice, String expected) {
    String body =
        "{'max_tokens':9,'tools':[%s],'tool_choice':{'type':'%s'},'messages':[%s]}"
            .formatted(TOOL, choice, USER);

    assertThat(chat(body, "gpt-5", ChatTarget.OPENAI).at("tool_choice")).isEqualTo(expected);
    assertThat(chat(body, "glm-5.3", ChatTarget.GLM).has("tool_choice")).isFalse();
    assertThat(chat(body, "glm-5.3", ChatTarget.GLM).has("tools"))
        .isNotEqualTo("none".equals(choice));
  }

  @EdgeCase(52)
  @Test
  void imagesOfResultsFollowAllToolMessages() {
    String image = "{'type':'image','source':{'type':'url','url':'https://e.com/%d'}}";
    String body =
        "{'max_tokens':9,'messages':[{'role':'user','content':[{'type':'text','text':'after'},"
            + "{'type':'tool_result','tool_use_id':'a','content':["
            + image.formatted(1)
            + "]},{'type':'tool_result','tool_use_id':'b','content':[{'type':'text','text':'t'},"
            + image.formatted(2)
            + "]}]}]}";
    ParsedJson chat = chat(body, "gpt-5", ChatTarget.OPENAI);

    assertThat(chat.size("messages")).isEqualTo(3);
    assertThat(chat.at("messages.0.tool_call_id")).isEqualTo("a");
    assertThat(chat.at("messages.1.content")).isEqualTo("t");
    assertThat(chat.at("messages.2.content.1.image_url.url")).isEqualTo("https://e.com/1");
    assertThat(chat.at("messages.2.content.3.image_url.url")).isEqualTo("https://e.com/2");
    assertThat(chat.at("messages.2.content.4.text")).isEqualTo("after");
  }

  @Test
  void resultsComeBeforeTheTextOfAnEarlierMessageOfTheSameTurn() {
    String body =
        "{'max_tokens':9,'messages':[{'role':'user','content':'first'},"
            + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'a','content':'r'}]}]}";
    ParsedJson chat = chat(body, "gpt-5", ChatTarget.OPENAI);

    assertThat(chat.at("messages.0.role")).isEqualTo("tool");
    assertThat(chat.at("messages.1.content")).isEqualTo("first");
  }

  @Test
  void aTurnOfNothingButCallsHasNoContent() {
    String body =
        "{'max_tokens':9,'messages':[{'role':'assistant','content':[{'type':'text','text':''},"
            + "{'type':'tool_use','id':'a','name':'get','input':{ 'k' : 'a \\\"b\\\" c' }}]}]}";
    ParsedJson chat = chat(body, "gpt-5", ChatTarget.OPENAI);

    assertThat(chat.has("messages.0.content")).isTrue();
    assertThat(chat.at("messages.0.content")).isNull();
    assertThat(chat.at("messages.0.tool_calls.0.function.arguments"))
        .isEqualTo("{\"k\":\"a \\\"b\\\" c\"}");
  }

  @Test
  void aSystemMessageInTheMiddleStaysThere() {
    String body =
        "{'max_tokens':9,'system':'s','messages':["
            + USER
            + ",{'role':'system','content':[{'type':'text','text':'now'}]}]}";
    ParsedJson chat = chat(body, "gpt-4.1", ChatTarget.OPENAI);

    assertThat(chat.at("messages.0.role")).isEqualTo("system");
    assertThat(chat.at("messages.2.role")).isEqualTo("system");
    assertThat(chat.at("messages.2.content")).isEqualTo("now");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "OPENAI, gpt-6.1-terra, disabled, none",
        "OPENAI, gpt-5, disabled, low",
        "OPENAI, o3, enabled, medium",
        "OPENAI, gpt-4.1, enabled, -",
        "OPENAI, gpt-5.2, adaptive, max=xhigh",
        "OPENAI, gpt-6, adaptive, max=max",
        "GLM, glm-5.3, enabled, high",
        "GLM, glm-4.7, enabled, -",
        "GROQ, openai/gpt-oss-120b, disabled, low",
        "GROQ, qwen/qwen3-32b, enabled, default",
        "GROK, grok-4.7, disabled, none",
        "GROK, grok-4.20, enabled, -",
        "GROK, grok-4, enabled, -",
        "COMPATIBLE, some, enabled, -",
      })
  void thinkingIsAnEffortWhereTheModelTakesOne(
      ChatTarget target, String model, String type, String expected) {
    boolean max = expected != null && expected.startsWith("max=");
    String body =
        "{'max_tokens':9999,'thinking':{'type':'%s','budget_tokens':4096}%s,'messages':[%s]}"
            .formatted(type, max ? ",'output_config':{'effort':'max'}" : "", USER);

    assertThat(chat(body, model, target).at("reasoning_effort"))
        .isEqualTo(max ? expected.substring("max=".length()) : expected);
  }

  @ParameterizedTest
  @CsvSource({"glm-5.3, enabled", "glm-5.2, disabled"})
  void glmIsSwitchedOffOnlyWhereItCanBe(String model, String expected) {
    String body = "{'max_tokens':9,'thinking':{'type':'disabled'},'messages':[" + USER + "]}";

    assertThat(chat(body, model, ChatTarget.GLM).at("thinking.type")).isEqualTo(expected);
  }

  @Test
  void samplingIsNotSentToModelsThatReason() {
    String body = "{'max_tokens':9,'temperature':0.2,'top_p':1,'messages':[" + USER + "]}";

    assertThat(chat(body, "gpt-5-mini", ChatTarget.OPENAI).has("temperature")).isFalse();
    assertThat(chat(body, "gpt-5-chat-latest", ChatTarget.OPENAI).at("temperature")).isEqualTo(0.2);
    assertThat(chat(body, "grok-4.7", ChatTarget.GROK).at("temperature")).isEqualTo(0.2);
  }

  @Test
  void aSchemaIsStrictOnlyWhereItMeetsTheRules() {
    String open =
        "{'type':'object','properties':{'a':{'type':'object','properties':{'b':{}}}},"
            + "'required':['a'],'additionalProperties':false}";
    String body =
        "{'max_tokens':9,'output_config':{'format':{'type':'json_schema','schema':%s}},"
            + "'messages':[%s]}";

    assertThat(
            chat(body.formatted(open, USER), "gpt-5", ChatTarget.OPENAI)
                .has("response_format.json_schema.strict"))
        .isFalse();
    assertThat(
            chat(
                    body.formatted(
                        open.replace("'a':{'type':'object','properties':{'b':{}}}", "'a':{}"),
                        USER),
                    "gpt-5",
                    ChatTarget.OPENAI)
                .at("response_format.json_schema.strict"))
        .isEqualTo(true);
  }

  @ParameterizedTest
  @CsvSource({"OPENAI, true", "GROQ, true", "GROK, true", "COMPATIBLE, true", "GLM, false"})
  void aStreamAsksForUsageWhereTheProviderNeedsIt(ChatTarget target, boolean asks) {
    String body = "{'max_tokens':9,'stream':true,'messages':[" + USER + "]}";
    ParsedJson chat = chat(body, "m", target);

    assertThat(chat.at("stream")).isEqualTo(true);
    assertThat(chat.at("stream_options.include_usage")).isEqualTo(asks ? true : null);
  }

  private static ParsedJson chat(String body, String model, ChatTarget target) {
    Translation translation = translate(body, model, target);
    if (!(translation instanceof Translation.Done(ByteBuf chat, _))) {
      throw new AssertionError(translation);
    }
    String text = chat.toString(StandardCharsets.UTF_8);
    chat.release();
    return ParsedJson.of(text);
  }

  private static List<String> dropped(String body, ChatTarget target) {
    Translation translation = translate(body, "gpt-6.1-terra", target);
    if (!(translation instanceof Translation.Done(ByteBuf chat, List<String> dropped))) {
      throw new AssertionError(translation);
    }
    chat.release();
    return dropped;
  }

  private static RequestFault fault(String body, String model, ChatTarget target) {
    Translation translation = translate(body, model, target);
    if (!(translation instanceof Translation.Refused(RequestFault fault))) {
      throw new AssertionError(translation);
    }
    assertThat(fault.message()).startsWith(fault.field() + ": ");
    return fault;
  }

  private static Translation translate(String body, String model, ChatTarget target) {
    return MessagesToChat.translate(json(body), model, target, StreamedChat.ALLOCATOR);
  }

  /// JSON with single quotes, which read better here.
  private static byte[] json(String text) {
    return utf8(text.replace("TOOL", TOOL).replace('\'', '"'));
  }

  @AfterEach
  void releasesEveryBuffer() {
    StreamedChat.assertNothingHeld();
  }
}
