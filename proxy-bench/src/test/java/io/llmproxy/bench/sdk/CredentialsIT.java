package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.llmproxy.bench.simulator.SimulatedProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What shows who somebody is: callers' secrets end at the proxy, the proxy's go to their provider
/// alone.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakWatch.class)
final class CredentialsIT {

  private static final String CALLER = "CALLERSECRET-0123456789";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Lab lab = Lab.cleartext();
  private final HttpClient client = HttpClient.newHttpClient();

  CredentialsIT() throws IOException {}

  @AfterAll
  void close() {
    client.close();
    lab.close();
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void showsAProviderItsKeyAndNothingOfTheCallers(SimulatedProvider provider) throws Exception {
    List<String> received = receivedBy(provider);
    assertThat(received).noneMatch(line -> line.contains("CALLERSECRET"));
    assertThat(received)
        .noneMatch(line -> line.startsWith("header cookie:"))
        .noneMatch(line -> line.startsWith("header proxy-authorization:"))
        .noneMatch(line -> line.startsWith("header x-forwarded-for:"));
    for (SimulatedProvider other : SimulatedProvider.values()) {
      if (other != provider) {
        assertThat(received).noneMatch(line -> line.contains(LabYaml.key(other)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void showsTheKeyInTheFieldThatTheProviderReads(SimulatedProvider provider) throws Exception {
    List<String> shown =
        receivedBy(provider).stream()
            .filter(line -> line.matches("header (authorization|x-api-key|api-key): .*"))
            .toList();
    switch (provider) {
      case ANTHROPIC ->
          assertThat(shown).containsExactly("header x-api-key: " + LabYaml.key(provider));
      case OPENAI, GROQ, GROK ->
          assertThat(shown)
              .containsExactly("header authorization: Bearer " + LabYaml.key(provider));
      // A token made of the key is as good as the key itself.
      case GLM ->
          assertThat(shown)
              .singleElement()
              .asString()
              .startsWith("header authorization: Bearer ")
              .hasSizeGreaterThan("header authorization: Bearer ".length());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sim-events=1",
        "sim-status=400",
        "sim-status=401",
        "sim-status=403",
        "sim-status=404",
        "sim-status=500",
        "sim-status=529",
        "sim-html",
        "sim-reset=head",
        "sim-cut=0",
        "sim-events=3,cut=2",
        "sim-events=3,error_event=2",
        "sim-sample=xai-400-badkey",
        "sim-unknown-word"
      })
  void answersWithoutAnySecret(String script) throws Exception {
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      for (boolean stream : new boolean[] {false, true}) {
        assertNoSecret(ask(provider, provider.key() + "/" + script, stream));
      }
    }
  }

  /// Grok says 400 of a wrong key and is believed; what it says then is among the answers above.
  @ParameterizedTest
  @EnumSource(value = SimulatedProvider.class, mode = EnumSource.Mode.EXCLUDE, names = "GROK")
  void tellsThatAKeyIsWrongWithoutTellingTheKey(SimulatedProvider provider) throws Exception {
    String key = "PROVIDERSECRET-invalid.0123456789";
    try (Lab wrong =
        Lab.start(yaml ->
            yaml.provider(
                provider, "api_key: \"%s\", base_url: \"%s\"".formatted(key, base(provider))))) {
      String answer = ask(wrong, provider, provider.key() + "/sim-events=1", false);
      assertNoSecret(answer);
      assertThat(answer).startsWith("502").contains("does not take the key configured for it");
    }
  }

  private String base(SimulatedProvider provider) {
    return lab.simulators().baseUrl(provider).toString();
  }

  private static void assertNoSecret(String answer) {
    assertThat(answer).doesNotContain("PROVIDERSECRET").doesNotContain("CALLERSECRET");
  }

  /// What `echo` says arrived, a line each.
  private List<String> receivedBy(SimulatedProvider provider) throws Exception {
    String answer = ask(provider, provider.key() + "/echo", false);
    JsonNode body = JSON.readTree(answer.substring(answer.indexOf("\n\n") + 2));
    JsonNode text =
        provider == SimulatedProvider.ANTHROPIC
            ? body.path("content").path(0).path("text")
            : body.path("choices").path(0).path("message").path("content");
    assertThat(text.asText()).contains("header host: 127.0.0.1");
    return text.asText().lines().toList();
  }

  private String ask(SimulatedProvider provider, String model, boolean stream) throws Exception {
    return ask(lab, provider, model, stream);
  }

  /// Status, fields and body of the answer.
  private String ask(Lab asked, SimulatedProvider provider, String model, boolean stream)
      throws Exception {
    boolean anthropic = provider == SimulatedProvider.ANTHROPIC;
    String body = anthropic ? Bodies.message(model, stream) : Bodies.chat(model, stream);
    String path = anthropic ? "/v1/messages" : "/v1/chat/completions";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(asked.origin() + path))
            .header("authorization", "Bearer " + CALLER)
            .header("x-api-key", CALLER)
            .header("api-key", CALLER)
            .header("cookie", "session=" + CALLER)
            .header("proxy-authorization", "Basic " + CALLER)
            .header("x-forwarded-for", "10.1.2.3")
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
      String head = answer.statusCode() + "\n" + answer.headers().map() + "\n\n";
      return head + readAsFarAsItGoes(answer.body());
    } catch (IOException e) {
      return "broken off: " + e.getMessage();
    }
  }

  private static String readAsFarAsItGoes(InputStream in) {
    StringBuilder text = new StringBuilder();
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        text.append((char) next);
      }
    } catch (IOException _) {
      // the answer is cut: what came before is what counts here
    }
    return text.toString();
  }
}
