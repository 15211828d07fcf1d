package io.llmproxy.bench.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Refusals as they go over the wire, in each provider's envelope.
@Timeout(30)
final class AdmissionIT {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ANTHROPIC | "xyz":1      | 400 | {"type":"error","error":{"type":"invalid_request_error","message":"xyz: Extra inputs are not permitted"},"request_id":"req_011C
          OPENAI    | "xyz":1      | 400 | {"error":{"message":"Unrecognized request argument supplied: xyz","type":"invalid_request_error","param":null,"code":null}}
          OPENAI    | "stream_options":{} | 400 | {"error":{"message":"The 'stream_options' parameter is only allowed when 'stream' is enabled.","type":"invalid_request_error","param":"stream_options","code":null}}
          OPENAI    | "tools":"a"  | 400 | {"error":{"message":"Invalid type for 'tools': expected an array, but got a string instead.","type":"invalid_request_error","param":"tools","code":"invalid_type"}}
          GLM       | "messages":null | 400 | {"error":{"code":"1213","message":"未正常接收到messages参数。"}}
          GLM       | "top_p":0    | 400 | {"error":{"code":"1214","message":"top_p 参数非法。请检查文档"}}
          GROQ      | "logprobs":true | 400 | {"error":{"message":"property 'logprobs' is unsupported","type":"invalid_request_error"}}
          GROK      | "tools":[]   | 400 | {"code":"Client specified an invalid argument","error":"Invalid arguments passed to the model: tools must not be empty."}
          GROK      | "tools":"a"  | 422 | Failed to deserialize the JSON body into the target type: tools: invalid type: a string, expected an array
          """)
  void refusesInTheProvidersEnvelope(
      SimulatedProvider provider, String more, int status, String start) throws Exception {
    try (Simulators simulators = Simulators.start();
        Asker asker = new Asker(simulators)) {
      String body = Asker.body("m", false, "," + more);
      HttpResponse<String> response = asker.ask(provider, body);
      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(response.body()).startsWith(start);
      assertThat(response.headers().firstValue("content-type").orElseThrow())
          .startsWith(status == 422 ? "text/plain" : "application/json");
      assertThat(simulators.books().refused()).isEqualTo(1);
    }
  }

  @Test
  void saysSoInTheRecordedWords() throws Exception {
    try (Simulators simulators = Simulators.start();
        Asker asker = new Asker(simulators)) {
      String openAi = Asker.body("gpt-6.1-terra", false, ",\"max_tokens\":9");
      assertThat(asker.ask(SimulatedProvider.OPENAI, openAi).body())
          .isEqualTo(Sample.named("openai-400-param").body());
      String glm = Asker.body("glm-5.3", false, ",\"messages\":[]");
      assertThat(asker.ask(SimulatedProvider.GLM, glm).body())
          .isEqualTo(Sample.named("glm-400-1214").body());
      String grok = Asker.body("grok-4.7", false, ",\"presence_penalty\":1");
      assertThat(asker.ask(SimulatedProvider.GROK, grok).body())
          .isEqualTo(Sample.named("xai-400-arg").body());
      String named =
          "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"name\":\"a\",\"content\":\"b\"}]}";
      assertThat(asker.ask(SimulatedProvider.GROQ, named).body())
          .isEqualTo(Sample.named("groq-400-unsupported").body());
    }
  }

  @Test
  void refusesAMessageWithoutAVersion() throws Exception {
    try (Simulators simulators = Simulators.start();
        Asker asker = new Asker(simulators)) {
      URI uri = URI.create(simulators.baseUrl(SimulatedProvider.ANTHROPIC) + "/v1/messages");
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .header("x-api-key", "k")
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .build();
      HttpResponse<String> response = asker.send(request);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).contains("anthropic-version: header is required");
    }
  }

  @Test
  void goesByTheRulesOfTheModelAScriptNames() throws Exception {
    try (Simulators simulators = Simulators.start();
        Asker asker = new Asker(simulators)) {
      String body = Asker.body("sim-events=2,as=gpt-5", false, ",\"temperature\":0.5");
      assertThat(asker.ask(SimulatedProvider.OPENAI, body).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void takesAnythingWhileItIsToldTo() throws Exception {
    SimulatorSettings settings = SimulatorSettings.DEFAULT.withoutRefusals();
    try (Simulators simulators = Simulators.start(settings);
        Asker asker = new Asker(simulators)) {
      String body = Asker.body("m", false, ",\"xyz\":1");
      assertThat(asker.ask(SimulatedProvider.OPENAI, body).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({"id.secret,200", "id.other,401", "a.b.c,401"})
  void knowsGlmsKey(String bearer, int status) throws Exception {
    SimulatorSettings settings = SimulatorSettings.DEFAULT.withGlmKey("id.secret");
    try (Simulators simulators = Simulators.start(settings);
        Asker asker = new Asker(simulators)) {
      URI uri = URI.create(simulators.baseUrl(SimulatedProvider.GLM) + "/chat/completions");
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .header("authorization", "Bearer " + bearer)
              .POST(HttpRequest.BodyPublishers.ofString(Asker.body("m", false, "")))
              .build();
      HttpResponse<String> response = asker.send(request);
      assertThat(response.statusCode()).isEqualTo(status);
      if (status == 401) {
        assertThat(response.body()).isEqualTo(Sample.named("glm-401-1002").body());
      }
    }
  }
}
