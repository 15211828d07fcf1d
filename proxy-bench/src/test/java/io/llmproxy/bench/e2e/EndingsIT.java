package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.simulator.SimulatedProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// However a provider's reply ends, the caller can tell: an answer that broke off never ends like a
/// whole one.
@Timeout(60)
final class EndingsIT {

  private static final String EVENT_TEXT = "the answer goes ";
  private static final Map<Wire, ProxyBed> BEDS = new EnumMap<>(Wire.class);

  @BeforeAll
  static void start() throws IOException {
    for (Wire upstream : Wire.values()) {
      String dead = "http://127.0.0.1:" + closedPort() + "/v1";
      String others =
          other("dead", "openai", dead, "k")
              + other("deadant", "anthropic", dead.replace("/v1", ""), "k");
      BEDS.put(upstream, new ProxyBed(ProxyBed.Plan.of(upstream).withOthers(others)));
    }
  }

  private static String other(String name, String type, String url, String key) {
    return "    "
        + name
        + ":\n      type: "
        + type
        + "\n      base_url: \""
        + url
        + "\"\n      api_key: \""
        + key
        + "\"\n";
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
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
  void aStreamThatIsCutEndsInAnErrorAndNeverCleanly(Wire wire, Wire upstream) throws Exception {
    for (String fault : List.of("cut=5", "drop=5", "close=5", "end=5")) {
      for (SimulatedProvider provider : SimulatedProvider.values()) {
        Ask ask = Ask.of(provider.key() + "/sim-events=20," + fault, true);
        Answer answer = bed(upstream).ask(wire, ask);
        assertThat(count(answer.text(), EVENT_TEXT)).as(fault + provider).isEqualTo(5);
        Refusals.assertBrokenOff(answer, ask.path());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"H1, H1", "H1, H2", "H2, H1", "H2, H2"})
  void aStreamThatIsCutAnywhereEndsInAnErrorAndNeverCleanly(Wire wire, Wire upstream)
      throws Exception {
    for (String provider : List.of("openai", "anthropic")) {
      for (int bytes = 1; bytes < 1100; bytes += 157) {
        Ask ask = Ask.of(provider + "/sim-events=4,close=" + bytes + "b", true);
        Answer answer = bed(upstream).ask(wire, ask);
        if (count(answer.text(), EVENT_TEXT) == 0) {
          assertNoAnswer(answer, ask.path());
        } else {
          Refusals.assertBrokenOff(answer, ask.path());
        }
      }
    }
  }

  private static void assertNoAnswer(Answer answer, String path) throws IOException {
    if (path.equals(Ask.MESSAGES)) {
      Refusals.assertAnthropic(answer, 502, "api_error");
    } else {
      Refusals.assertOpenAi(answer, 502, "upstream_error");
    }
  }

  @ParameterizedTest
  @CsvSource({"H1, H1", "H1, H2", "H2, H1", "H2, H2"})
  void aProvidersOwnErrorRecordIsPassedOnAndTheStreamCut(Wire wire, Wire upstream)
      throws Exception {
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      Ask ask = Ask.of(provider.key() + "/sim-events=9,error_event=3", true);
      Answer answer = bed(upstream).ask(wire, ask);
      assertThat(count(answer.text(), EVENT_TEXT)).isEqualTo(3);
      assertThat(count(answer.text(), "\"error\":")).as(answer.text()).isEqualTo(1);
      assertThat(answer.ending()).isNotEqualTo(Ending.WHOLE);
      assertThat(answer.text()).endsWith("\n\n").doesNotContain("[DONE]", "message_stop");
    }
  }

  @ParameterizedTest
  @CsvSource({"H1, H1", "H1, H2", "H2, H1", "H2, H2"})
  void aLongBodyThatIsCutIsNotWhole(Wire wire, Wire upstream) throws Exception {
    for (String fault : List.of("cut=500", "drop=500", "close=500")) {
      Ask ask = Ask.of("openai/sim-events=2000,bytes=1000," + fault, false);
      Answer answer = bed(upstream).ask(wire, ask);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.ending()).as(fault).isNotEqualTo(Ending.WHOLE);
    }
  }

  @ParameterizedTest
  @CsvSource({"H1, H1", "H1, H2", "H2, H1", "H2, H2"})
  void aShortBodyThatIsCutIsAnErrorInItsPlace(Wire wire, Wire upstream) throws Exception {
    for (String fault : List.of("cut=5", "drop=5", "close=5")) {
      Ask ask = Ask.of("openai/sim-events=20,bytes=400," + fault, false);
      Refusals.assertOpenAi(bed(upstream).ask(wire, ask), 502, "upstream_error");
    }
  }

  @ParameterizedTest
  @CsvSource({"H1, H1", "H1, H2", "H2, H1", "H2, H2"})
  void aReplyThatNeverBeganIsAnErrorInJson(Wire wire, Wire upstream) throws Exception {
    ProxyBed bed = bed(upstream);
    for (boolean stream : new boolean[] {true, false}) {
      Refusals.assertOpenAi(
          bed.ask(wire, Ask.of("openai/sim-reset=head", stream)), 502, "upstream_error");
      Refusals.assertAnthropic(
          bed.ask(wire, Ask.of("anthropic/sim-reset=head", stream)), 502, "api_error");
      Answer refused = bed.ask(wire, Ask.of("dead/gpt", stream));
      Refusals.assertOpenAi(refused, 503, "upstream_unavailable");
      Refusals.assertAnthropic(
          bed.ask(wire, Ask.post(Ask.MESSAGES, Ask.body("deadant/c", stream, ""))),
          503,
          "overloaded_error");
    }
  }

  @ParameterizedTest
  @CsvSource({"H1, H1", "H1, H2", "H2, H1", "H2, H2"})
  void aProvidersRefusalPassesOnUnlessItIsOfTheProxy(Wire wire, Wire upstream) throws Exception {
    ProxyBed bed = bed(upstream);
    try (Caller caller = wire.open(bed.address())) {
      Answer ours = caller.send(Ask.of("openai/sim-status=401", true));
      Refusals.assertOpenAi(ours, 502, "upstream_error");
      assertThat(ours.text()).doesNotContain("sk-inval", "platform.openai.com");
      Refusals.assertAnthropic(
          caller.send(Ask.of("anthropic/sim-status=401", false)), 502, "api_error");
      assertThat(caller.send(Ask.of("anthropic/sim-status=403", false)).status()).isEqualTo(403);
      Answer limited = caller.send(Ask.of("openai/sim-status=429,retry_after=7", true));
      Refusals.assertOpenAi(limited, 429, "rate_limit_exceeded");
      assertThat(limited.header("retry-after")).isEqualTo("7");
      assertThat(limited.header("x-ratelimit-remaining-tokens")).isEqualTo("149984");
      assertThat(limited.text()).contains("Rate limit reached for gpt-6.1-terra");
      Answer overloaded = caller.send(Ask.of("anthropic/sim-status=529,retry_after=3", true));
      assertThat(overloaded.status()).isEqualTo(529);
      assertThat(overloaded.header("retry-after")).isEqualTo("3");
      assertThat(overloaded.text()).contains("overloaded_error");
      int[][] told = {{400, 400}, {404, 404}, {422, 400}, {500, 502}, {503, 503}};
      for (int[] status : told) {
        Answer answer = caller.send(Ask.of("glm/sim-status=" + status[0], false));
        assertThat(answer.status()).as("for " + status[0]).isEqualTo(status[1]);
        assertThat(answer.text()).startsWith("{\"error\":{\"message\":\"");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"H1, H1", "H1, H2", "H2, H1", "H2, H2"})
  void aPageBecomesAnErrorInJson(Wire wire, Wire upstream) throws Exception {
    try (Caller caller = wire.open(bed(upstream).address())) {
      Answer chat = caller.send(Ask.of("groq/sim-html", true));
      Refusals.assertOpenAi(chat, 502, "upstream_error");
      assertThat(chat.text()).doesNotContain("<html>");
      Refusals.assertAnthropic(caller.send(Ask.of("anthropic/sim-html", false)), 502, "api_error");
    }
  }

  @ParameterizedTest
  @CsvSource({"H1, H1", "H1, H2", "H2, H1", "H2, H2"})
  void aProviderThatIsGoingAwayFinishesWhatItBegan(Wire wire, Wire upstream) throws Exception {
    ProxyBed bed = bed(upstream);
    try (Caller caller = wire.open(bed.address())) {
      for (int i = 0; i < 4; i++) {
        Answer answer = caller.send(Ask.of("openai/sim-events=9,rate=500,goaway=3", true));
        assertThat(count(answer.text(), EVENT_TEXT)).isEqualTo(9);
        assertThat(answer.text()).endsWith("data: [DONE]\n\n");
        assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
        assertThat(caller.send(Ask.of("openai/gpt-6", false)).status()).isEqualTo(200);
      }
    }
  }

  /// Many streams on one connection to the provider are cut by one reset; none may stay behind.
  @ParameterizedTest
  @CsvSource({"H1", "H2"})
  void aLostConnectionEndsEveryStreamOnIt(Wire upstream) throws Exception {
    ProxyBed bed = bed(upstream);
    try (Http2Caller caller = new Http2Caller(bed.address())) {
      List<Http2Caller.Stream> streams = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        streams.add(caller.open(Ask.of("glm/sim-events=500,rate=100,id=n" + i, true), true));
      }
      Patience.until("all begun", () -> bed.books().openStreams() == 30);
      for (Http2Caller.Stream stream : streams) {
        stream.open().head();
      }
      caller.send(Ask.of("glm/sim-events=9,drop=1", true));
      if (upstream == Wire.H1) {
        streams.forEach(Http2Caller.Stream::reset);
      } else {
        for (Http2Caller.Stream stream : streams) {
          Refusals.assertBrokenOff(stream.open().answer(), Ask.CHAT);
        }
      }
      Patience.until("none left", Duration.ofSeconds(5), () -> bed.proxy().exchanges() == 0);
    }
  }

  private static int count(String text, String what) {
    return text.split(Pattern.quote(what), -1).length - 1;
  }

  private static ProxyBed bed(Wire upstream) {
    ProxyBed bed = BEDS.get(upstream);
    if (bed == null) {
      throw new IllegalStateException("not started");
    }
    return bed;
  }
}
