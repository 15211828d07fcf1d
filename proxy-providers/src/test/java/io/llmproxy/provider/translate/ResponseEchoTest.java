package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.sample;
import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.Replay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What responses repeat of the request that they answer.
class ResponseEchoTest {

  @Test
  void aRequestThatSaysNothingIsAnsweredWithWhatHolds() {
    ParsedJson response = response("{\"model\":\"m\",\"input\":\"hi\",\"tools\":null}");

    assertThat(response.at("tool_choice")).isEqualTo("auto");
    assertThat(response.at("parallel_tool_calls")).isEqualTo(true);
    assertThat(response.size("tools")).isZero();
    assertThat(response.text("metadata")).isEqualTo("{}");
    assertThat(response.has("instructions")).isTrue();
    assertThat(response.at("instructions")).isNull();
    assertThat(response.has("temperature")).isTrue();
  }

  @Test
  void whatWasSaidIsRepeatedInTheCallersBytes() {
    String body =
        "{\"instructions\":\"caf\\u00e9 \\\" { \\n\",\"temperature\":0.70,\"metadata\":{\"a\":\"b c\"},"
            + "\"tool_choice\":\"none\",\"parallel_tool_calls\":false,\"max_output_tokens\":9}";

    assertThat(output(body))
        .contains(
            "\"instructions\":\"caf\\u00e9 \\\" { \\n\",\"max_output_tokens\":9,"
                + "\"metadata\":{\"a\":\"b c\"},\"parallel_tool_calls\":false,\"temperature\":0.70,"
                + "\"tool_choice\":\"none\",\"tools\":[],\"top_p\":null}}\n\n");
  }

  @Test
  void whiteSpaceOfTheCallersEndsNoLine() {
    String body =
        """
        {
          "tools" : [ {\r
        \t"type": "function",  "name" :"a, \\"b\\" : c\\\\" ,
            "parameters":{ "type":"object" , "properties" : { }\n}
          } ]\t,
          "tool_choice":
            { "type" : "function" , "name":"x" }
        }\
        """;

    assertThat(response(body).text("tools")).isEqualTo(ParsedJson.of(body).text("tools"));
    assertThat(response(body).at("tools.0.name")).isEqualTo("a, \"b\" : c\\");
    assertThat(output(body)).contains("\"tool_choice\":{\"type\":\"function\",\"name\":\"x\"}");
  }

  private static ParsedJson response(String body) {
    String output = output(body);
    assertThat(ResponseStream.of(output).status).isEqualTo("completed");
    String last = output.substring(output.lastIndexOf("data: ") + "data: ".length());
    return ParsedJson.of(last).in("response");
  }

  private static String output(String body) {
    ResponseHead head = new ResponseHead("asked", "req_1", 1234, ResponseEcho.of(utf8(body)));
    byte[] stream = sample("openai-chat-stream.sse");
    return Replay.of(() -> new ChatToResponsesStream(StreamedChat.ALLOCATOR, head, 0), stream)
        .output();
  }

  @AfterEach
  void releasesEveryBuffer() {
    StreamedChat.assertNothingHeld();
  }
}
