package io.llmproxy.provider.translate;

import static io.llmproxy.provider.translate.ChatRequests.HELLO;
import static io.llmproxy.provider.translate.ChatRequests.NEW;
import static io.llmproxy.provider.translate.ChatRequests.OLD;
import static io.llmproxy.provider.translate.ChatRequests.dropped;
import static io.llmproxy.provider.translate.ChatRequests.refusal;
import static io.llmproxy.provider.translate.ChatRequests.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The messages of a Chat request.
class ChatConversationTest {

  @EdgeCase(2)
  @Test
  void gathersResultsInTheOrderOfTheirCalls() {
    String messages =
        String.join(
            ",",
            HELLO,
            calls(call("c1", "{}"), call("c2", "{}"), call("c3", "{}")),
            result("c3", "three"),
            result("c1", "one"),
            result("c2", "two"));

    assertThat(turns(messages))
        .endsWith(
            turn(
                "user",
                "{\"type\":\"tool_result\",\"tool_use_id\":\"c1\",\"content\":\"one\"}",
                "{\"type\":\"tool_result\",\"tool_use_id\":\"c2\",\"content\":\"two\"}",
                "{\"type\":\"tool_result\",\"tool_use_id\":\"c3\",\"content\":\"three\"}"));
  }

  @EdgeCase(3)
  @Test
  void putsTheUsersWordsBehindTheResults() {
    String before = "{\"role\":\"user\",\"content\":\"Before\"}";
    String messages =
        String.join(",", HELLO, calls(call("c", "{}")), before, result("c", "r"), HELLO);

    assertThat(turns(messages))
        .endsWith(
            turn(
                "user",
                "{\"type\":\"tool_result\",\"tool_use_id\":\"c\",\"content\":\"r\"}",
                text("Before"),
                text("Hello")));
  }

  @EdgeCase(4)
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"\" | {}",
        "\" \\n\" | {}",
        "null | {}",
        "\"{\\\"a\\\":1}\" | {\"a\":1}",
        "{\"a\":1} | {\"a\":1}",
        "\"{\\\"a\\\":\\\"\\\\u00e9\\\\n\\\"}\" | {\"a\":\"\\u00e9\\n\"}",
        "\"{\\\"a\\\":\" | {\"_raw\":\"{\\\"a\\\":\"}",
        "\"[1]\" | {\"_raw\":\"[1]\"}",
        "\"{} {}\" | {\"_raw\":\"{} {}\"}",
        "\"{\\\"a\\\":1,\\\"a\\\":2}\" | {\"_raw\":\"{\\\"a\\\":1,\\\"a\\\":2}\"}"
      })
  void argumentsBecomeAnObject(String arguments, String input) {
    String call =
        "{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":"
            + arguments
            + "}}";

    assertThat(turns(HELLO + "," + calls(call)))
        .contains("{\"type\":\"tool_use\",\"id\":\"c\",\"name\":\"f\",\"input\":" + input + "}");
  }

  @EdgeCase(5)
  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "null", "[]", "[{\"type\":\"text\",\"text\":\"\"}]", "\" \\n\""})
  void sendsNoEmptyText(String content) {
    String message = calls(call("c", "{}")).replace("\"content\":null", "\"content\":" + content);

    assertThat(turns(HELLO + "," + message))
        .doesNotContain("\"text\":\"\"")
        .contains("\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\"");
  }

  @EdgeCase(6)
  @Test
  void sendsNoEmptySystem() {
    assertThat(sent(NEW, system("") + "," + HELLO, "")).doesNotContain("system");
  }

  @Test
  void gathersInstructionsAtTheHead() {
    String messages = system("One") + "," + HELLO + "," + system("Two");

    assertThat(sent(NEW, messages, ""))
        .contains("\"system\":[" + text("One") + "," + text("Two") + "],\"messages\":[")
        .endsWith(turn("user", text("Hello")) + "]}");
  }

  @EdgeCase(33)
  @Test
  void sendsIdsThatAnthropicTakes() {
    String messages =
        String.join(
            ",", HELLO, calls(call("functions.get:0", "{}")), result("functions.get:0", "r"));

    String id = "llmproxy_functions_2e_get_3a_0";
    assertThat(id).isEqualTo(ToolIds.plain("functions.get:0"));
    assertThat(turns(messages))
        .contains("\"id\":\"" + id + "\"", "\"tool_use_id\":\"" + id + "\"")
        .doesNotContain("functions.get:0");
  }

  @Test
  void sendsNoIdTwice() {
    String messages =
        String.join(
            ",",
            HELLO,
            calls(call("c", "{}"), call("c", "{}")),
            result("c", "one"),
            result("c", "two"),
            calls(call("c", "{}")),
            result("c", "three"));

    assertThat(turns(messages))
        .contains(
            "\"tool_use_id\":\"c\",\"content\":\"one\"",
            "\"tool_use_id\":\"c-2\",\"content\":\"two\"",
            "\"tool_use_id\":\"c-3\",\"content\":\"three\"");
  }

  @Test
  void answersACallThatTheCallerDoesNot() {
    assertThat(turns(HELLO + "," + calls(call("c", "{}"))))
        .endsWith(
            turn(
                "user",
                "{\"type\":\"tool_result\",\"tool_use_id\":\"c\",\"content\":"
                    + "\"No result was given for this call.\",\"is_error\":true}"));
  }

  @Test
  void keepsAResultThatNoCallAsksForAsText() {
    assertThat(turns(HELLO + "," + result("nobody", "r")))
        .isEqualTo(turn("user", text("Hello"), text("r")));
  }

  @Test
  void beginsWithTheUser() {
    String messages = "{\"role\":\"assistant\",\"content\":\"Hi\"}," + HELLO;

    assertThat(turns(messages))
        .isEqualTo(
            turn("user", text("(empty)"))
                + ","
                + turn("assistant", text("Hi"))
                + ","
                + turn("user", text("Hello")));
  }

  @Test
  void saysSomethingWhereTheUserSaysNothing() {
    assertThat(turns("{\"role\":\"user\",\"content\":\"\"}"))
        .isEqualTo(turn("user", text("(empty)")));
    assertThat(turns(system("Only instructions"))).isEqualTo(turn("user", text("(empty)")));
  }

  @Test
  void joinsTurnsAroundAnAssistantThatSaysNothing() {
    String messages = HELLO + ",{\"role\":\"assistant\",\"content\":null}," + HELLO;

    assertThat(turns(messages)).isEqualTo(turn("user", text("Hello"), text("Hello")));
  }

  @Test
  void keepsARefusalAsText() {
    String refusal = "{\"role\":\"assistant\",\"content\":null,\"refusal\":\"No.\"}";

    assertThat(turns(HELLO + "," + refusal + "," + HELLO)).contains(turn("assistant", text("No.")));
  }

  @Test
  void beginsTheAnswerOnlyWhereTheModelGoesOn() {
    String messages = HELLO + ",{\"role\":\"assistant\",\"content\":\"Once \\n\"}";

    assertThat(sent(OLD, messages, "")).endsWith(turn("assistant", text("Once")) + "]}");
    assertThat(refusal(NEW, messages, "").field()).isEqualTo("messages[1].role");
  }

  @Test
  void keepsCacheControlWhereverItStands() {
    String mark = "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}";
    String messages =
        "{\"role\":\"system\",\"content\":\"S\","
            + mark
            + "},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\","
            + mark
            + "},{\"type\":\"text\",\"text\":\"b\"}],"
            + mark
            + "}";
    String tool = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}," + mark + "}]";

    String body = sent(NEW, messages, tool);

    assertThat(body.split(Pattern.quote(mark), -1)).hasSize(5);
    assertThat(body).contains("\"text\":\"a\"," + mark, "\"text\":\"b\"," + mark);
  }

  @Test
  void marksNoMoreThanFourBreakpoints() {
    String part =
        "{\"type\":\"text\",\"text\":\"a\",\"prompt_cache_breakpoint\":{\"mode\":\"explicit\"}}";
    String messages =
        "{\"role\":\"user\",\"content\":[" + String.join(",", part, part, part, part, part) + "]}";

    assertThat(sent(NEW, messages, "").split("cache_control", -1)).hasSize(5);
    assertThat(dropped(NEW, messages, "")).containsExactly("prompt_cache_breakpoint");
  }

  @EdgeCase(51)
  @Test
  void takesJpgForJpeg() {
    assertThat(turns(image("data:image/jpg;base64,/9j/ 4A\\nAQ")))
        .contains(
            "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/jpeg\","
                + "\"data\":\"/9j/4AAQ\"}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data:image/tiff;base64,AA",
        "data:image/png,AA",
        "http://example.com/a.png",
        "file:///etc/passwd",
        "data:;base64",
        ""
      })
  void refusesImagesThatAnthropicDoesNotTake(String url) {
    assertThat(refusal(NEW, image(url), "").field()).isEqualTo("messages[0].content");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AA\",\"format\":\"wav\"}}",
        "{\"type\":\"file\",\"file\":{\"file_id\":\"file-1\"}}",
        "{\"type\":\"file\",\"file\":{\"file_data\":\"data:application/zip;base64,AA\"}}",
        "{\"type\":\"file\",\"file\":{\"file_data\":\"data:text/plain;base64,/w==\"}}",
        "{\"type\":\"video_url\",\"video_url\":{}}",
        "{\"type\":\"text\"}",
        "\"text\"",
        "17"
      })
  void refusesPartsThatAnthropicDoesNotTake(String part) {
    String messages = "{\"role\":\"user\",\"content\":[" + part + "]}";

    assertThat(refusal(NEW, messages, "").field()).isEqualTo("messages[0].content");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tool_calls\":[{\"id\":\"c\",\"type\":\"custom\",\"custom\":{}}]",
        "\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{}}]",
        "\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":7}}]",
        "\"function_call\":{\"name\":\"f\"}",
        "\"content\":7",
        "\"content\":[{\"type\":\"image_url\",\"image_url\":\"https://a\"}]"
      })
  void refusesWhatTheAssistantCannotHaveSaid(String member) {
    String messages = HELLO + ",{\"role\":\"assistant\"," + member + "}," + HELLO;

    assertThat(refusal(NEW, messages, "").field()).startsWith("messages[1].");
  }

  @Test
  void takesManyMessages() {
    String one = HELLO + "," + calls(call("c", "{}")) + "," + result("c", "r") + ",";

    assertThat(sent(NEW, one.repeat(2000) + HELLO, "").split("tool_result\"", -1)).hasSize(2001);
  }

  private static String turns(String messages) {
    String body = sent(OLD, messages, "");
    int from = body.indexOf("\"messages\":[") + "\"messages\":[".length();
    return body.substring(from, body.length() - 2);
  }

  private static String turn(String role, String... blocks) {
    return "{\"role\":\"" + role + "\",\"content\":[" + String.join(",", blocks) + "]}";
  }

  private static String text(String text) {
    return "{\"type\":\"text\",\"text\":\"" + text + "\"}";
  }

  private static String system(String text) {
    return "{\"role\":\"system\",\"content\":\"" + text + "\"}";
  }

  private static String calls(String... calls) {
    return "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
        + String.join(",", calls)
        + "]}";
  }

  private static String call(String id, String arguments) {
    return "{\"id\":\""
        + id
        + "\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\""
        + arguments
        + "\"}}";
  }

  private static String result(String id, String content) {
    return "{\"role\":\"tool\",\"tool_call_id\":\"" + id + "\",\"content\":\"" + content + "\"}";
  }

  private static String image(String url) {
    return "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\""
        + url
        + "\"}}]}";
  }
}
