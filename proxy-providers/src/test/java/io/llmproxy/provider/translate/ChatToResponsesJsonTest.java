package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.UsageSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole chat completions as callers of Responses receive them.
class ChatToResponsesJsonTest {
  private static final String USAGE =
      "'usage':{'prompt_tokens':10,'completion_tokens':5,'total_tokens':15}";

  @Test
  void everythingSaidIsAnItem() {
    String message =
        "{'role':'assistant','reasoning_content':'hm','content':'\u00fc\\n','refusal':'no',"
            + "'tool_calls':[{'id':'c1','type':'function','function':{'name':'f',"
            + "'arguments':'{\\\"a\\\":1}'}},{'id':'c2','function':{'name':'g','arguments':''}}]}";
    Replay replay = replay(completion(message, "tool_calls"));

    assertThat(items(replay))
        .containsExactly(
            "reasoning:hm",
            "message:\u00fc\n",
            "refusal:no",
            "call:c1:f:{\"a\":1}",
            "call:c2:g:{}");
    assertThat(replay.complete()).isTrue();
    assertThat(replay.content()).isTrue();
    assertThat(replay.source()).isEqualTo(UsageSource.REPORTED);
    assertSameAtEveryCut(
        replay, ChatToResponsesJsonTest::reader, utf8(completion(message, "tool_calls")));
  }

  @Test
  void aResponseIsNamedByTheProvidersId() {
    ParsedJson response = response(replay(completion("{'content':'x'}", "stop")));

    assertThat(response.at("id")).isEqualTo("resp_1");
    assertThat(response.at("output.0.id")).isEqualTo("msg_1_0");
    assertThat(response.at("created_at")).isEqualTo(1234L);
    assertThat(response.at("model")).isEqualTo("asked");
    assertThat(response.at("usage.total_tokens")).isEqualTo(15L);
  }

  @ParameterizedTest
  @CsvSource({
    "stop, completed, null, completed",
    "tool_calls, completed, null, completed",
    "length, incomplete, {reason=max_output_tokens}, incomplete",
    "content_filter, incomplete, {reason=content_filter}, incomplete",
    "sensitive, incomplete, {reason=content_filter}, incomplete",
  })
  void saysHowItEnded(String finish, String status, String details, String itemStatus) {
    ParsedJson response = response(replay(completion("{'content':'x'}", finish)));

    assertThat(response.at("status")).isEqualTo(status);
    assertThat(response.text("incomplete_details")).isEqualTo(details);
    assertThat(response.at("output.0.status")).isEqualTo(itemStatus);
  }

  @Test
  void contentInPartsIsOneMessage() {
    String message = "{'content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]}";

    assertThat(items(replay(completion(message, "stop")))).containsExactly("message:ab");
  }

  @Test
  void whereTheProviderDoesNotCountAnEstimateIsTold() {
    String body = completion("{'content':'12345678'}", "stop").replace("\"usage\"", "\"other\"");
    Replay replay = replay(body);

    assertThat(replay.source()).isEqualTo(UsageSource.ESTIMATED);
    assertThat(response(replay).at("usage.input_tokens")).isEqualTo(17L);
    assertThat(response(replay).at("usage.output_tokens")).isEqualTo(2L);
  }

  @EdgeCase(41)
  @ParameterizedTest
  @ValueSource(
      strings = {"", "{\"id\":\"chatcmpl-1\",\"choices\":[{\"message\":{\"con", "[]", "{}"})
  void whatIsNoCompletionIsAnError(String body) {
    Replay replay = replay(body);

    assertThat(replay.complete()).isFalse();
    assertThat(replay.error()).isTrue();
    assertThat(response(replay).at("error.type")).isEqualTo("server_error");
    assertThat(response(replay).has("output")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'error':{'message':'m','code':'insufficient_quota'}} | insufficient_quota |"
            + " insufficient_quota",
        "{'error':{'message':'m','code':'1302'}} | rate_limit_error | rate_limit_exceeded",
        "{'code':'x','error':'m'} | server_error | server_error",
      })
  void anErrorUnderAStatusOfSuccessIsAnError(String body, String type, String code) {
    Replay replay = replay(body.replace('\'', '"'));

    assertThat(replay.error()).isTrue();
    assertThat(response(replay).at("error.message")).isEqualTo("m");
    assertThat(response(replay).at("error.type")).isEqualTo(type);
    assertThat(response(replay).at("error.code")).isEqualTo(code);
  }

  private static String completion(String message, String finish) {
    return "{'id':'chatcmpl-1','object':'chat.completion','choices':[{'index':0,'message':MESSAGE,"
        .replace("MESSAGE", message)
        .concat("'finish_reason':'" + finish + "'}]," + USAGE + "}")
        .replace('\'', '"');
  }

  private static ParsedJson response(Replay replay) {
    return ParsedJson.of(
        new String(replay.output().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
  }

  private static List<String> items(Replay replay) {
    ParsedJson response = response(replay);
    List<String> items = new ArrayList<>();
    for (int i = 0; i < response.size("output"); i++) {
      items.add(ResponseStream.shown(response.in("output." + i)));
    }
    return items;
  }

  private static ReplyReader reader() {
    return new ChatToResponsesJson(
        StreamedChat.ALLOCATOR, new ResponseHead("asked", "req_1", 1234, ResponseEcho.NONE), 17);
  }

  private static Replay replay(String body) {
    return Replay.of(ChatToResponsesJsonTest::reader, utf8(body));
  }

  @AfterEach
  void releasesEveryBuffer() {
    StreamedChat.assertNothingHeld();
  }
}
