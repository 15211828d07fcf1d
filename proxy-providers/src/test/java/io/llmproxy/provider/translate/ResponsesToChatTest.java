package io.llmproxy.provider.translate;

import static io.llmproxy.provider.translate.ResponsesRequests.chat;
import static io.llmproxy.provider.translate.ResponsesRequests.dropped;
import static io.llmproxy.provider.translate.ResponsesRequests.fault;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.request.RequestFault;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests of Responses as providers of Chat Completions receive them.
class ResponsesToChatTest {
  private static final String TOOL =
      "{'type':'function','name':'get','parameters':{'type':'object','properties':{}}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'previous_response_id':'resp_1'           | previous_response_id",
        "'conversation':'conv_1'                   | conversation",
        "'conversation':{'id':'conv_1'}            | conversation",
        "'prompt':{'id':'pmpt_1'}                  | prompt",
        "'background':true                         | background",
      })
  void refusesWhatNeedsAStore(String member, String field) {
    RequestFault fault = fault("{'input':'hi'," + member + "}", ChatTarget.GROQ);

    assertThat(fault.kind()).isEqualTo(RequestFault.Kind.UNSUPPORTED);
    assertThat(fault.field()).isEqualTo(field);
    assertThat(fault.message()).contains("needs a store");
  }

  @Test
  void refusesAReferenceToAnItem() {
    RequestFault fault =
        fault("{'input':[{'type':'item_reference','id':'msg_1'}]}", ChatTarget.OPENAI);

    assertThat(fault.kind()).isEqualTo(RequestFault.Kind.UNSUPPORTED);
    assertThat(fault.field()).isEqualTo("input[0]");
    assertThat(fault.message()).contains("needs a store", "store: false");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'instructions':['a']                        | instructions",
        "'max_output_tokens':0                       | max_output_tokens",
        "'max_output_tokens':'9'                     | max_output_tokens",
        "'temperature':'hot'                         | temperature",
        "'tools':{}                                  | tools",
        "'tools':[1]                                 | tools[0]",
        "'tools':[{'name':'x'}]                      | tools[0].type",
        "'tools':[{'type':'function'}]               | tools[0].name",
        "'tools':[TOOL,{'type':'web_search'}]        | tools[1].type",
        "'tools':[{'type':'mcp','server_label':'x'}] | tools[0].type",
        "'tools':[{'type':'custom','name':'x'}]      | tools[0].type",
        "'tools':[TOOL],'tool_choice':'any'          | tool_choice",
        "'tools':[TOOL],'tool_choice':{'type':'file_search'} | tool_choice",
        "'tools':[TOOL],'tool_choice':{'type':'function','name':'x'} | tool_choice.name",
        "'tools':[TOOL],'tool_choice':{'type':'allowed_tools','tools':[{'type':'mcp'}]}"
            + " | tool_choice.tools[0].type",
        "'tool_choice':'required'                    | tool_choice",
        "'reasoning':{'effort':'huge'}               | reasoning.effort",
        "'text':{'format':{'type':'xml'}}            | text.format.type",
        "'text':{'format':{'type':'json_schema'}}    | text.format.schema",
      })
  void refusesWhatCannotBeMapped(String fields, String field) {
    String body = "{" + fields.replace("TOOL", TOOL) + ",'input':'hi'}";

    assertThat(fault(body, ChatTarget.GROK).field()).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}                                          | input",
        "[]                                          | input",
        "['x']                                       | input[0]",
        "[{'role':'robot','content':'x'}]            | input[0].role",
        "[{'role':'user'}]                           | input[0].content",
        "[{'role':'user','content':[{'type':'hologram'}]}] | input[0].content[0].type",
        "[{'role':'user','content':[{'type':'input_text'}]}] | input[0].content[0].text",
        "[{'role':'user','content':[{'type':'input_image','file_id':'f'}]}]"
            + " | input[0].content[0].file_id",
        "[{'role':'user','content':[{'type':'input_image'}]}] | input[0].content[0].image_url",
        "[{'role':'user','content':[{'type':'input_file','file_url':'u'}]}]"
            + " | input[0].content[0].file_url",
        "[{'role':'user','content':[{'type':'input_file','file_id':'f'}]}]"
            + " | input[0].content[0].file_id",
        "[{'role':'user','content':[{'type':'input_file'}]}] | input[0].content[0].file_data",
        "[{'role':'system','content':[{'type':'input_image','image_url':'u'}]}]"
            + " | input[0].content[0]",
        "[{'role':'assistant','content':[{'type':'input_image','image_url':'u'}]}]"
            + " | input[0].content[0]",
        "[{'type':'function_call','name':'f','arguments':'{}'}] | input[0].call_id",
        "[{'type':'function_call','call_id':'c','arguments':'{}'}] | input[0].name",
        "[{'type':'function_call','call_id':'c','name':'f','arguments':{}}] | input[0].arguments",
        "[{'type':'function_call_output','output':'x'}] | input[0].call_id",
        "[{'type':'function_call_output','call_id':'c'}] | input[0].output",
        "[{'type':'custom_tool_call','call_id':'c'}] | input[0].type",
        "[{'type':'compaction','encrypted_content':'x'}] | input[0].type",
        "[{'type':'local_shell_call_output'}]        | input[0].type",
      })
  void refusesItemsThatCannotBeMapped(String input, String field) {
    assertThat(fault("{'input':" + input + "}", ChatTarget.OPENAI).field()).isEqualTo(field);
  }

  @ParameterizedTest
  @EnumSource(ChatTarget.class)
  void aFaultDoesNotRepeatAllThatACallerSent(ChatTarget target) {
    String body = "{'input':[{'type':'%s'}]}".formatted("x".repeat(100_000));

    assertThat(fault(body, target).message()).hasSizeLessThan(500);
  }

  @Test
  void theInstructionsAreTheFirstMessage() {
    String body = "{'instructions':'be kind','input':'hi'}";

    assertThat(chat(body, ChatTarget.GLM).in("messages").toString())
        .isEqualTo("[{role=system, content=be kind}, {role=user, content=hi}]");
    assertThat(chat(body, ChatTarget.OPENAI).at("messages.0.role")).isEqualTo("developer");
    assertThat(chat("{'instructions':'','input':'hi'}", ChatTarget.GLM).size("messages"))
        .isEqualTo(1);
  }

  @Test
  void theInsidesOfStringsAreCopiedAsTheyAreWritten() {
    String text = "caf\\u00e9 \\\"x\\\" \\\\ \\n \\ud83d\\ude00 \u00fc";
    Translation translation =
        ResponsesRequests.translate("{'input':'" + text + "'}", ChatTarget.COMPATIBLE);

    assertThat(ResponsesRequests.done(translation)).contains("\"content\":\"" + text + "\"");
  }

  @Test
  void whatTheAssistantSaidBetweenTurnsIsOneMessage() {
    String body =
        "{'input':[{'role':'user','content':'a'},"
            + "{'type':'function_call','call_id':'c1','name':'f','arguments':'{}'},"
            + "{'type':'reasoning','summary':[{'type':'summary_text','text':'hm'}]},"
            + "{'type':'function_call','call_id':'c2','name':'f','arguments':'{}'},"
            + "{'type':'message','role':'assistant','content':'said'},"
            + "{'type':'function_call_output','call_id':'c1','output':'1'},"
            + "{'type':'function_call_output','call_id':'c2','output':'2'}]}";
    ParsedJson chat = chat(body, ChatTarget.GLM);

    assertThat(chat.size("messages")).isEqualTo(4);
    assertThat(chat.size("messages.1.tool_calls")).isEqualTo(2);
    assertThat(chat.at("messages.1.content")).isEqualTo("said");
    assertThat(chat.at("messages.1.reasoning_content")).isEqualTo("hm");
    assertThat(chat.at("messages.1.tool_calls.0.id")).isEqualTo("c1");
    assertThat(chat.at("messages.3.tool_call_id")).isEqualTo("c2");
  }

  @Test
  void callsKeepTheIdByWhichTheirResultsNameThem() {
    String body =
        "{'input':[{'type':'function_call','id':'fc_9','call_id':'call_1','name':'f',"
            + "'arguments':''},{'type':'function_call_output','call_id':'call_1','output':'x'}]}";
    ParsedJson chat = chat(body, ChatTarget.GROQ);

    assertThat(chat.at("messages.0.tool_calls.0.id")).isEqualTo("call_1");
    assertThat(chat.at("messages.0.tool_calls.0.function.arguments")).isEqualTo("{}");
    assertThat(chat.has("messages.0.content")).isTrue();
    assertThat(chat.at("messages.0.content")).isNull();
    assertThat(chat.toString()).doesNotContain("fc_9");
  }

  @Test
  void reasoningGoesOnlyToWhomReadsIt() {
    String body =
        "{'input':[{'role':'user','content':'a'},{'type':'reasoning','summary':[{'type':"
            + "'summary_text','text':'short'}],'content':[{'type':'reasoning_text',"
            + "'text':'long'}]},{'role':'assistant','content':'b'},{'role':'user','content':'c'}]}";

    assertThat(chat(body, ChatTarget.GROQ).at("messages.1.reasoning")).isEqualTo("long");
    assertThat(chat(body, ChatTarget.GROK).at("messages.1.reasoning_content")).isEqualTo("long");
    assertThat(chat(body, ChatTarget.OPENAI).toString()).doesNotContain("long", "short");
    assertThat(dropped(body, ChatTarget.OPENAI)).containsExactly("input.reasoning");
  }

  @Test
  void whatOpenAisOwnToolsDidIsLeftOutAndNamed() {
    String body =
        "{'input':[{'role':'user','content':'a'},{'type':'web_search_call','id':'ws_1',"
            + "'status':'completed'},{'role':'assistant','content':[{'type':'output_text',"
            + "'text':'b','annotations':[{'type':'url_citation'}],'logprobs':[]}]},"
            + "{'role':'user','content':'c'}]}";

    assertThat(chat(body, ChatTarget.GROQ).size("messages")).isEqualTo(3);
    assertThat(dropped(body, ChatTarget.GROQ))
        .containsExactly("input.web_search_call", "input.content.annotations");
  }

  @Test
  void imagesOfResultsFollowAllResults() {
    String image = "[{'type':'input_text','text':'t'},{'type':'input_image','image_url':'u'}]";
    String body =
        ("{'input':[{'type':'function_call','call_id':'a','name':'f','arguments':'{}'},"
                + "{'type':'function_call','call_id':'b','name':'f','arguments':'{}'},"
                + "{'type':'function_call_output','call_id':'a','output':IMAGE},"
                + "{'type':'function_call_output','call_id':'b','output':IMAGE}]}")
            .replace("IMAGE", image);
    ParsedJson chat = chat(body, ChatTarget.OPENAI);

    assertThat(chat.size("messages")).isEqualTo(4);
    assertThat(chat.at("messages.1.content")).isEqualTo("t");
    assertThat(chat.at("messages.3.role")).isEqualTo("user");
    assertThat(chat.at("messages.3.content.0.text")).isEqualTo("Result of the call a:");
    assertThat(chat.at("messages.3.content.1.image_url.url")).isEqualTo("u");
    assertThat(chat.at("messages.3.content.2.text")).isEqualTo("Result of the call b:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'store':false",
        "'truncation':'disabled'",
        "'include':[]",
        "'service_tier':'auto'",
        "'background':false",
        "'text':{'format':{'type':'text'},'verbosity':'medium'}",
        "'reasoning':{'effort':null,'summary':null}",
        "'stream':true,'stream_options':{'include_obfuscation':false}",
        "'tools':[],'tool_choice':'auto','parallel_tool_calls':true",
        "'previous_response_id':null,'conversation':null,'prompt':null,'metadata':null",
        "'instructions':null,'max_output_tokens':null,'temperature':null,'user':null",
      })
  void nothingIsLostWhereAFieldSaysWhatIsDoneAnyway(String fields) {
    assertThat(dropped("{'input':'hi'," + fields + "}", ChatTarget.COMPATIBLE)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'store':true                          | store",
        "'truncation':'auto'                   | truncation",
        "'include':['x']                       | include",
        "'max_tool_calls':3                    | max_tool_calls",
        "'metadata':{'a':'b'}                  | metadata",
        "'top_logprobs':5                      | top_logprobs",
        "'context_management':[]               | context_management",
        "'prompt_cache_key':'k'                | prompt_cache_key",
        "'service_tier':'ultrafast'            | service_tier",
        "'reasoning':{'summary':'auto'}        | reasoning.summary",
        "'reasoning':{'effort':'low'}          | reasoning.effort",
        "'text':{'verbosity':'high'}           | text.verbosity",
        "'stream_options':{'include_obfuscation':true} | stream_options.include_obfuscation",
        "'tools':[{'type':'function','name':'f','strict':true}] | tools.strict",
        "'tools':[{'type':'function','name':'f','defer_loading':true}] | tools.defer_loading",
        "'safety_identifier':'a','user':'b'    | user",
      })
  void whatIsLeftOutIsNamed(String fields, String name) {
    assertThat(dropped("{'input':'hi'," + fields + "}", ChatTarget.COMPATIBLE))
        .isEqualTo(List.of(name));
  }

  @Test
  void toolsAreWrittenAsChatHasThem() {
    String body =
        "{'input':'hi','tools':[TOOL,{'type':'function','name':'now','description':'d',"
            + "'parameters':null}],'tool_choice':{'type':'function','name':'now'},"
            + "'parallel_tool_calls':false}";
    ParsedJson chat = chat(body.replace("TOOL", TOOL), ChatTarget.GROK);

    assertThat(chat.at("tools.0.type")).isEqualTo("function");
    assertThat(chat.at("tools.0.function.name")).isEqualTo("get");
    assertThat(chat.at("tools.1.function.description")).isEqualTo("d");
    assertThat(chat.at("tools.1.function.parameters.type")).isEqualTo("object");
    assertThat(chat.at("tool_choice.function.name")).isEqualTo("now");
    assertThat(chat.at("parallel_tool_calls")).isEqualTo(false);
  }

  @Test
  void ofToolsThatMayNotBeCalledNothingIsTold() {
    String body =
        "{'input':'hi','tools':[TOOL,{'type':'function','name':'now'}],'tool_choice':{'type':"
            + "'allowed_tools','mode':'required','tools':[{'type':'function','name':'now'}]}}";
    ParsedJson chat = chat(body.replace("TOOL", TOOL), ChatTarget.OPENAI);

    assertThat(chat.size("tools")).isEqualTo(1);
    assertThat(chat.at("tools.0.function.name")).isEqualTo("now");
    assertThat(chat.at("tool_choice")).isEqualTo("required");
  }

  @Test
  void glmIsToldOfNoToolWhereNoneMayBeCalled() {
    String body = "{'input':'hi','tools':[" + TOOL + "],'tool_choice':'%s'}";

    assertThat(chat(body.formatted("none"), ChatTarget.GLM).has("tools")).isFalse();
    assertThat(chat(body.formatted("auto"), ChatTarget.GLM).has("tool_choice")).isFalse();
    assertThat(dropped(body.formatted("required"), ChatTarget.GLM)).containsExactly("tool_choice");
    assertThat(chat(body.formatted("none"), ChatTarget.GROQ).at("tool_choice")).isEqualTo("none");
  }

  @Test
  void theShapeOfTheAnswerIsWrittenAsChatHasIt() {
    String schema =
        "{'input':'hi','text':{'format':{'type':'json_schema','name':'n','schema':{'type':"
            + "'object'},'strict':true}}}";
    String object = "{'input':'hi','text':{'format':{'type':'json_object'}}}";

    assertThat(chat(schema, ChatTarget.GROQ).in("response_format").toString())
        .isEqualTo("{type=json_schema, json_schema={name=n, schema={type=object}, strict=true}}");
    assertThat(chat(object, ChatTarget.GLM).at("response_format.type")).isEqualTo("json_object");
    assertThat(fault(schema, ChatTarget.GLM).field()).isEqualTo("text.format");
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, xhigh, xhigh",
    "OPENAI, minimal, low",
    "OPENAI, none, none",
    "GROQ, medium, medium",
    "GROQ, max, high",
    "GROK, none, none",
    "GLM, medium, high",
    "GLM, none, low",
    "MESSAGES, max, max",
    "MESSAGES, none, none",
  })
  void effortIsWrittenInTheModelsOwnWords(ChatTarget target, String asked, String expected) {
    String body = "{'input':'hi','reasoning':{'effort':'" + asked + "'}}";

    assertThat(chat(body, target).at("reasoning_effort")).isEqualTo(expected);
  }

  @Test
  void aStreamAsksForUsageWhereThatMustBeAsked() {
    String body = "{'input':'hi','stream':true,'tools':[" + TOOL + "]}";

    assertThat(chat(body, ChatTarget.GROQ).at("stream_options.include_usage")).isEqualTo(true);
    assertThat(chat(body, ChatTarget.GLM).has("stream_options")).isFalse();
    assertThat(chat(body, ChatTarget.GLM).at("tool_stream")).isEqualTo(true);
  }

  @ParameterizedTest
  @CsvSource({"1.5, 0.001, 1, 0.01", "0.5, 0.5, 0.5, 0.5"})
  void glmDrawsWithinItsBounds(String heat, String top, String heatSent, String topSent) {
    String body = "{'input':'hi','temperature':" + heat + ",'top_p':" + top + "}";

    assertThat(chat(body, ChatTarget.GLM).text("temperature")).isEqualTo(heatSent);
    assertThat(chat(body, ChatTarget.GLM).text("top_p")).isEqualTo(topSent);
    assertThat(chat(body, ChatTarget.GROQ).text("temperature")).isEqualTo(heat);
  }

  @AfterEach
  void releasesEveryBuffer() {
    StreamedChat.assertNothingHeld();
  }
}
