package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.proxy.config.KeyHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whoever shows no key of the proxy's gets nothing of it; whoever does, what its key may.
@Timeout(60)
final class ClientKeysIT {

  private static final String CANARY = "llmp-canary-of-the-caller";
  private static final String LIMITED = "llmp-limited";
  private static final String OLD = "llmp-old";

  private final RawProvider raw = RoutesIT.provider();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private ProxyBed bed;

  private static String entry(String key, String more) {
    return "    - {name: %s, hash: \"%s\"%s}\n"
        .formatted(key, KeyHash.ofKey(key.getBytes(StandardCharsets.UTF_8)), more);
  }

  @BeforeEach
  void start() throws IOException {
    raw.script((line, _) -> {
      line.readRequest();
      heads.add(line.head());
      line.write(RoutesIT.WHOLE);
    });
    bed =
        new ProxyBed(
            ProxyBed.Plan.of(Wire.H1)
                .withOthers(RoutesIT.yaml("raw", raw, "[key-of-ours]"))
                .withRoot(
                    "  keys:\n"
                        + entry(CANARY, "")
                        + entry(LIMITED, ", models: [openai-alias, \"anthropic/*\"]")
                        + entry(OLD, ", expires: 2020-01-01")));
  }

  @AfterEach
  void stop() throws Exception {
    bed.assertAtRest();
    bed.close();
    raw.close();
  }

  private Answer chat(Wire wire, String model, String key) throws Exception {
    return bed.ask(wire, Ask.of(model, true).with("authorization", "Bearer " + key));
  }

  private void assertMessagesError(Answer answer, int status, String type) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.text())
        .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\"");
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhoShowsNoKeyOrAWrongOne(Wire wire) throws Exception {
    Answer none = bed.ask(wire, Ask.of("openai/gpt-6", true));
    Refusals.assertOpenAi(none, 401, "invalid_api_key");
    Answer wrong = chat(wire, "openai/gpt-6", "sk-canary");
    Refusals.assertOpenAi(wrong, 401, "invalid_api_key");
    assertThat(wrong.text()).doesNotContain("canary");
    assertMessagesError(
        bed.ask(wire, Ask.of("anthropic/claude", true).with("x-api-key", "nobody")),
        401,
        "authentication_error");
    assertThat(bed.books().requests()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void answersWhoShowsAKeyEitherWay(Wire wire) throws Exception {
    assertThat(chat(wire, "openai/gpt-6", CANARY).status()).isEqualTo(200);
    Answer messages = bed.ask(wire, Ask.of("anthropic/claude", false).with("x-api-key", LIMITED));
    assertThat(messages.status()).as(messages.text()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void refusesModelsThatAreNotTheKeys(Wire wire) throws Exception {
    Refusals.assertOpenAi(chat(wire, "openai/gpt-6", LIMITED), 403, "model_not_allowed");
    assertMessagesError(
        bed.ask(
            wire,
            Ask.post(Ask.MESSAGES, Ask.body("groq-alias", false, "")).with("x-api-key", LIMITED)),
        403,
        "permission_error");
    assertThat(chat(wire, "openai-alias", LIMITED).status()).isEqualTo(200);
  }

  @Test
  void saysThatAKeyHasExpired() throws Exception {
    Answer answer = chat(Wire.H1, "openai/gpt-6", OLD);
    Refusals.assertOpenAi(answer, 401, "invalid_api_key");
    assertThat(answer.text()).contains("expired at 2020-01-01");
  }

  @Test
  void listsTheModelsOfTheKeyAlone() throws Exception {
    Answer limited = bed.ask(Wire.H1, Ask.get("/v1/models").with("x-api-key", LIMITED));
    assertThat(limited.text()).contains("\"openai-alias\"").doesNotContain("groq-alias");
    Answer all = bed.ask(Wire.H1, Ask.get("/v1/models").with("x-api-key", CANARY));
    assertThat(all.text()).contains("\"openai-alias\"").contains("\"groq-alias\"");
    Answer hidden = bed.ask(Wire.H1, Ask.get("/v1/models/groq-alias").with("x-api-key", LIMITED));
    assertThat(hidden.status()).isEqualTo(404);
  }

  @Test
  void healthNeedsNoKey() throws Exception {
    assertThat(bed.ask(Wire.H1, Ask.get("/health")).status()).isEqualTo(200);
    assertThat(bed.ask(Wire.H2, Ask.get("/health").with("x-api-key", "x")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/v1/models", "/v1/models/openai-alias", "/nowhere"})
  void allElseNeedsOne(String path) throws Exception {
    assertThat(bed.ask(Wire.H1, Ask.get(path)).status()).isEqualTo(401);
  }

  @Test
  void noProviderSeesTheCallersKey() throws Exception {
    RoutesIT.assertWhole(
        bed.ask(
            Wire.H1,
            Ask.of("raw/m", true)
                .with("authorization", "bearer  " + CANARY)
                .with("x-api-key", CANARY)));
    assertThat(heads).singleElement().asString().contains("key-of-ours").doesNotContain("canary");
  }
}
