package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.simulator.SimulatedProvider;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a provider receives is what the caller sent, byte for byte, but for the few fields that
/// must change.
@Timeout(120)
final class BodiesIT {

  private static final int MIB = 1 << 20;
  private static final Pattern ECHO = Pattern.compile("sha256 ([0-9a-f]{64})\\\\nbytes (\\d+)");
  private static final Map<Wire, ProxyBed> BEDS = new EnumMap<>(Wire.class);
  private static final byte[] BLOCK = block();

  /// A body on its way.
  ///
  /// @param bytes about as long
  record Way(SimulatedProvider provider, int bytes, Wire wire, Wire upstream, boolean announced) {}

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
  void changesOnlyTheModelOfABody(Wire wire, Wire upstream) throws Exception {
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      changesOnlyTheModel(new Way(provider, 300, wire, upstream, true));
      changesOnlyTheModel(new Way(provider, MIB, wire, upstream, true));
      changesOnlyTheModel(new Way(provider, MIB, wire, upstream, false));
    }
  }

  @ParameterizedTest
  @CsvSource({"H1, H1", "H1, H2", "H2, H1", "H2, H2"})
  void asksForUsageInAStreamAndChangesNothingElse(Wire wire, Wire upstream) throws Exception {
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      asksForUsage(new Way(provider, 300, wire, upstream, false));
      asksForUsage(new Way(provider, MIB, wire, upstream, true));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "H1, H1, true",
    "H1, H2, true",
    "H1, H1, false",
    "H1, H2, false",
    "H2, H1, true",
    "H2, H2, false"
  })
  void carriesBodiesOf31MiB(Wire wire, Wire upstream, boolean announced) throws Exception {
    changesOnlyTheModel(new Way(SimulatedProvider.ANTHROPIC, 31 * MIB, wire, upstream, announced));
    asksForUsage(new Way(SimulatedProvider.OPENAI, 31 * MIB, wire, upstream, announced));
  }

  private static void changesOnlyTheModel(Way way) throws Exception {
    String rest = rest(way.bytes(), "");
    assertArrives(
        way,
        "{\"model\": \"" + alias(way) + "\"" + rest,
        "{\"model\": \"" + model(way) + "\"" + rest);
  }

  private static void asksForUsage(Way way) throws Exception {
    String rest = rest(way.bytes(), ",\n\t\"stream\" : true");
    boolean asked =
        switch (way.provider()) {
          case OPENAI, GROQ, GROK -> true;
          case ANTHROPIC, GLM -> false;
        };
    String injected = asked ? "\"stream_options\":{\"include_usage\":true}," : "";
    assertArrives(
        way,
        "{\"model\": \"" + alias(way) + "\"" + rest,
        "{" + injected + "\"model\": \"" + model(way) + "\"" + rest);
  }

  private static String alias(Way way) {
    return way.provider().key() + "-alias";
  }

  private static String model(Way way) {
    return "sim-echo,id=" + way.provider().key();
  }

  @Test
  void sendsABodyThatNeedsNoChangeAsItCame() throws Exception {
    String rest =
        rest(5000, ",\"stream\":true,\"stream_options\":{ \"x\":1, \"include_usage\" :true }");
    for (Wire upstream : Wire.values()) {
      Way way = new Way(SimulatedProvider.OPENAI, 5000, Wire.H1, upstream, true);
      String body = " {\"model\" : \"" + model(way) + "\"" + rest;
      assertArrives(way, body, body);
    }
  }

  @Test
  void changesStreamOptionsWhereTheyStand() throws Exception {
    Way way = new Way(SimulatedProvider.OPENAI, 0, Wire.H1, Wire.H1, true);
    for (String[] options :
        new String[][] {
          {"null", "{\"include_usage\":true}"},
          {"{ }", "{\"include_usage\":true }"},
          {"{\"include_usage\":false }", "{\"include_usage\":true }"},
          {"{\"a\":[{}]}", "{\"include_usage\":true,\"a\":[{}]}"}
        }) {
      String before = "{\"stream\":true,\"model\":\"" + model(way) + "\",\"stream_options\":";
      String after = ",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";
      assertArrives(way, before + options[0] + after, before + options[1] + after);
    }
  }

  @Test
  void replacesAModelThatStandsLastAndInEscapes() throws Exception {
    String rest = rest(70_000, "");
    String messages = "{" + rest.substring(1, rest.length() - 1) + ",\"\\u006dodel\":";
    Way way = new Way(SimulatedProvider.GROK, 0, Wire.H2, Wire.H2, false);
    assertArrives(way, messages + "\"grok\\u002dalias\" }", messages + "\"" + model(way) + "\" }");
  }

  private static void assertArrives(Way way, String sent, String expected) throws Exception {
    ProxyBed bed = bed(way.upstream());
    String path = way.provider() == SimulatedProvider.ANTHROPIC ? Ask.MESSAGES : Ask.CHAT;
    Ask ask = Ask.post(path, sent);
    Answer answer = bed.ask(way.wire(), way.announced() ? ask : ask.unannounced());
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
    Matcher echo = ECHO.matcher(answer.text());
    assertThat(echo.find()).as(answer.text()).isTrue();
    byte[] bytes = expected.getBytes(UTF_8);
    assertThat(echo.group(2)).as("length").isEqualTo(Integer.toString(bytes.length));
    assertThat(echo.group(1)).as("sha-256").isEqualTo(sha256(bytes));
  }

  private static ProxyBed bed(Wire upstream) {
    ProxyBed bed = BEDS.get(upstream);
    if (bed == null) {
      throw new IllegalStateException("not started");
    }
    return bed;
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /// What follows the model in a body of about `bytes`, from the comma to the closing brace.
  private static String rest(int bytes, String more) {
    StringBuilder rest = new StringBuilder(bytes + 200).append(more);
    rest.append(", \"max_tokens\":64 ,\"messages\":[{\"role\":\"user\",\"content\":\"");
    String block = new String(BLOCK, UTF_8);
    int left = bytes;
    while (left > BLOCK.length) {
      rest.append(block);
      left -= BLOCK.length;
      if (rest.length() % 3 == 0) {
        rest.append("\"},{\"role\":\"user\", \"content\" : \"");
      }
    }
    return rest.append(block, 0, Math.min(left, 100)).append("\"}]}").toString();
  }

  /// Text as it stands in a JSON string: plain, escaped, two to four bytes a character.
  private static byte[] block() {
    long seed = 20_261_122;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    String[] pieces = {
      "\\n", "\\\"", "\\\\", "\\u00e9", "é", "漢", "🇫🇷", "{", "}", "]", ",", ":", "\\/"
    };
    StringBuilder text = new StringBuilder("x".repeat(100));
    while (text.length() < 50_000) {
      text.append(
          random.nextInt(4) > 0
              ? Integer.toString(random.nextInt(1 << 20), 36)
              : pieces[random.nextInt(pieces.length)]);
    }
    return text.toString().getBytes(UTF_8);
  }
}
