package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.simulator.SimulatedProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a caller receives of a stream is what the provider sent, byte for byte; only the usage
/// record that the proxy asked for is kept from those who did not.
@Timeout(120)
final class StreamsIT {

  private static final List<String> SCRIPTS =
      List.of(
          "gpt-6",
          "sim-events=1",
          "sim-events=40,bytes=3000,think=7",
          "sim-events=3000,bytes=80",
          "sim-events=30,rate=1000,bytes=20",
          "sim-events=3,think=2,dribble",
          "sim-events=5,finish=length,cached=12");

  private static final Map<Wire, ProxyBed> BEDS = new EnumMap<>(Wire.class);

  @BeforeAll
  static void start() throws IOException {
    for (Wire upstream : Wire.values()) {
      BEDS.put(upstream, ProxyBed.of(upstream));
    }
  }

  @AfterAll
  static void stop() {
    BEDS.values().forEach(ProxyBed::close);
  }

  @AfterEach
  void atRest() throws InterruptedException {
    for (ProxyBed bed : BEDS.values()) {
      bed.assertAtRest();
    }
  }

  @ParameterizedTest
  @CsvSource({"H1, H1", "H1, H2", "H2, H1", "H2, H2"})
  void arriveAsTheyWereSent(Wire wire, Wire upstream) throws Exception {
    ProxyBed bed = bed(upstream);
    try (Caller caller = wire.open(bed.address())) {
      for (SimulatedProvider provider : SimulatedProvider.values()) {
        for (String script : SCRIPTS) {
          assertUnchanged(bed, caller, provider, script);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"H1, H1", "H1, H2", "H2, H1", "H2, H2"})
  void arriveAsRecordedFromTheRealProviders(Wire wire, Wire upstream) throws Exception {
    ProxyBed bed = bed(upstream);
    try (Caller caller = wire.open(bed.address())) {
      for (String sample :
          List.of(
              "openai/openai-chat-stream-tools",
              "glm/glm-chat-stream-tool_stream",
              "groq/groq-chat-stream-tools",
              "grok/xai-chat-stream",
              "anthropic/anthropic-messages-stream-unknown-events")) {
        SimulatedProvider provider = provider(sample);
        String script = "sim-sample=" + sample.substring(sample.indexOf('/') + 1);
        Answer direct = bed.askProvider(provider, ask(provider, script, true, ""));
        String wish = provider == SimulatedProvider.ANTHROPIC ? "" : ASKED;
        Answer answer = caller.send(ask(provider, provider.key() + "/" + script, true, wish));
        assertThat(answer.ending()).as(sample).isEqualTo(Ending.WHOLE);
        assertThat(answer.text()).as(sample).isEqualTo(expected(provider, direct.text()));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"H1, H1", "H1, H2", "H2, H1", "H2, H2"})
  void answersThatAreNoStreamsArriveAsTheyWereSentToo(Wire wire, Wire upstream) throws Exception {
    ProxyBed bed = bed(upstream);
    try (Caller caller = wire.open(bed.address())) {
      for (SimulatedProvider provider : SimulatedProvider.values()) {
        for (String script : List.of("gpt-6", "sim-events=20,bytes=60000", "sim-dribble")) {
          Answer direct = bed.askProvider(provider, ask(provider, script, false, ""));
          Answer answer = caller.send(ask(provider, provider.key() + "/" + script, false, ""));
          assertThat(answer.status()).isEqualTo(200);
          assertThat(answer.text()).isEqualTo(direct.text());
          assertThat(answer.header("content-length")).isEqualTo("" + direct.body().length);
        }
      }
    }
  }

  /// The record up to its choices, they and the name of what follows, usage to the record's end.
  private static final String USAGE_BESIDE_CHOICES =
      "(data: \\{[^\n]*\"choices\":)(\\[\\{[^\n]*\\}\\],\"usage\":)(\\{[^\n]*\n\n)";

  private static final String ASKED = ",\"stream_options\":{\"include_usage\":true}";

  private static void assertUnchanged(
      ProxyBed bed, Caller caller, SimulatedProvider provider, String script) throws Exception {
    String model = provider.key() + "/" + script;
    boolean injects =
        switch (provider) {
          case OPENAI, GROQ, GROK -> true;
          case ANTHROPIC, GLM -> false;
        };
    // What the provider is to be sent: the shorter name, and with it what the proxy adds.
    String added = injects ? "\"stream_options\":{\"include_usage\":true}," : "";
    String body = body(provider, script, true, "");
    Ask sent = Ask.post(path(provider), "{" + added + body.substring(1));
    String plain = bed.askProvider(provider, sent).text();
    Answer unasked = caller.send(ask(provider, model, true, ""));
    assertThat(unasked.status()).isEqualTo(200);
    assertThat(unasked.header("content-type")).startsWith("text/event-stream");
    assertThat(unasked.ending()).isEqualTo(Ending.WHOLE);
    assertThat(unasked.text()).as(model).isEqualTo(hidden(provider, plain));
    // Messages has no such wish, and GLM is not sent it: both always count.
    String told = injects ? ASKED : "";
    String wish = provider == SimulatedProvider.ANTHROPIC ? "" : ASKED;
    String full = bed.askProvider(provider, ask(provider, script, true, told)).text();
    assertThat(caller.send(ask(provider, model, true, wish)).text())
        .as(model)
        .isEqualTo(expected(provider, full));
    if (injects) {
      assertThat(withoutUsage(plain)).isNotEqualTo(plain);
      assertThat(full).contains("\"choices\":[],\"usage\":{");
    }
  }

  /// The stream as a caller is to have it that did not ask for usage.
  private static String hidden(SimulatedProvider provider, String stream) {
    return provider == SimulatedProvider.ANTHROPIC
        ? stream
        : withoutUsage(expected(provider, stream));
  }

  /// The stream as a caller is to have it that asked for usage. GLM's own stands beside a choice,
  /// where clients do not expect it.
  private static String expected(SimulatedProvider provider, String stream) {
    if (provider != SimulatedProvider.GLM) {
      return stream;
    }
    String apart = stream.replaceFirst(USAGE_BESIDE_CHOICES, "$1$2null}\n\n$1[],\"usage\":$3");
    assertThat(apart).isNotEqualTo(stream);
    return apart;
  }

  /// The stream without its record of usage alone, which is to be there once.
  private static String withoutUsage(String stream) {
    List<String> kept = new ArrayList<>();
    int dropped = 0;
    for (String piece : stream.split("(?<=\n\n)", -1)) {
      if (piece.contains("\"choices\":[]") && piece.contains("\"usage\":{")) {
        dropped++;
      } else {
        kept.add(piece);
      }
    }
    assertThat(dropped).as("records of usage").isEqualTo(1);
    return String.join("", kept);
  }

  private static Ask ask(SimulatedProvider provider, String model, boolean stream, String more) {
    return Ask.post(path(provider), body(provider, model, stream, more));
  }

  /// With the limit of tokens under the name that the provider takes, so that nothing is adapted.
  private static String body(
      SimulatedProvider provider, String model, boolean stream, String more) {
    String body = Ask.body("", stream, more).replaceFirst("\"model\":\"", "$0" + model);
    return provider == SimulatedProvider.OPENAI
        ? body.replace("\"max_tokens\"", "\"max_completion_tokens\"")
        : body;
  }

  private static String path(SimulatedProvider provider) {
    return provider == SimulatedProvider.ANTHROPIC ? Ask.MESSAGES : Ask.CHAT;
  }

  private static SimulatedProvider provider(String name) {
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      if (name.startsWith(provider.key() + "/")) {
        return provider;
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static ProxyBed bed(Wire upstream) {
    ProxyBed bed = BEDS.get(upstream);
    if (bed == null) {
      throw new IllegalStateException("not started");
    }
    return bed;
  }
}
