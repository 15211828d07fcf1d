package io.llmproxy.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.llmproxy.proxy.config.Settings.LoggingSettings;
import io.llmproxy.proxy.config.Settings.LoggingSettings.Format;
import io.llmproxy.proxy.config.Settings.LoggingSettings.Requests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.logging.log4j.LogManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class LoggingTest {

  private final ByteArrayOutputStream application = new ByteArrayOutputStream();
  private final ByteArrayOutputStream requests = new ByteArrayOutputStream();
  private Logging logging = json(requests);

  @AfterEach
  void stop() {
    logging.stop();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\",\"status\":200,\"x\":\"",
        "a\nb\r\n{\"forged\":true}",
        "\u001b[2J\u001b[31mred\u009b31m\u007f",
        "back\\slash\u0000\u2028\u2029\u202e",
        "\ud83d lone and paired \ud83d\ude00",
        "</script><script>"
      })
  void keepsAHostileNameInsideItsField(String name) throws IOException {
    new RequestLog()
        .onExchangeEnd(Reports.plain().by(name).id(name).target(name, name, name).report());
    List<String> lines = stopAndRead();
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst()).matches("[\\x20-\\x7e]*");
    JsonNode line = new ObjectMapper().readTree(lines.getFirst());
    for (String field : List.of("id", "caller", "request_model", "provider", "response_model")) {
      assertThat(line.get(field).asText()).isEqualTo(name);
    }
    assertThat(line.get("status").asInt()).isEqualTo(200);
    assertThat(line.has("forged")).isFalse();
  }

  @Test
  void cutsANameOfAMegabyte() throws IOException {
    String name = "x".repeat(1 << 20);
    new RequestLog().onExchangeEnd(Reports.plain().target(name, name, name).by(name).report());
    assertThat(stopAndRead().getFirst().length()).isLessThan(2_500);
  }

  @Test
  void dropsLinesRatherThanWait() throws Exception {
    var stuck = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    logging.stop();
    logging =
        json(
            new OutputStream() {
              @Override
              public void write(int single) throws IOException {
                stuck.countDown();
                try {
                  release.await();
                } catch (InterruptedException e) {
                  throw new IOException(e);
                }
                requests.write(single);
              }

              @Override
              public void write(byte[] bytes, int offset, int length) throws IOException {
                write(bytes[offset]);
                requests.write(bytes, offset + 1, length - 1);
              }
            });
    var log = new RequestLog();
    ExchangeReport report = Reports.plain().report();
    log.onExchangeEnd(report);
    stuck.await();
    int count = 10_000;
    for (int i = 1; i < count; i++) {
      log.onExchangeEnd(report);
    }
    LogManager.getLogger("test").error("an error must not wait either");
    assertThat(logging.dropped()).isGreaterThan(count - 5_000);
    release.countDown();
    int written = stopAndRead().size();
    assertThat(written + logging.dropped()).isEqualTo(count + 1);
  }

  @Test
  void countsLinesItCouldNotWrite() {
    logging.stop();
    logging =
        json(
            new OutputStream() {
              @Override
              public void write(int single) throws IOException {
                throw new IOException("Broken pipe");
              }
            });
    new RequestLog().onExchangeEnd(Reports.plain().report());
    logging.stop();
    assertThat(logging.dropped()).isEqualTo(1);
  }

  @Test
  void writesNumbersAsNumbersAndMoneyExactly() throws IOException {
    new RequestLog().onExchangeEnd(Reports.plain().report());
    JsonNode line = new ObjectMapper().readTree(stopAndRead().getFirst());
    assertThat(line.get("event.start").asText()).isEqualTo("2026-01-01T00:00:00.123Z");
    assertThat(line.get("operation").asText()).isEqualTo("chat_completions");
    assertThat(line.get("first_token_ms").isNumber()).isTrue();
    assertThat(line.get("first_token_ms").asDouble()).isEqualTo(5.0);
    assertThat(line.get("overhead_us").asLong()).isEqualTo(41);
    assertThat(line.get("request_bytes").asLong()).isEqualTo(321);
    assertThat(line.get("tokens").toString())
        .isEqualTo(
            "{\"input\":103,\"cached_input\":20,\"cache_write\":7,\"output\":50,\"reasoning\":9}");
    assertThat(line.get("usage_source").asText()).isEqualTo("reported");
    assertThat(line.get("cost_usd").asText()).isEqualTo("0.001234567");
    assertThat(line.get("streamed").isBoolean()).isTrue();
  }

  @Test
  void writesNullForWhatIsNotKnown() throws IOException {
    Reports unknown = Reports.plain().target(null, null, null).used(null, -1).took(-1);
    new RequestLog().onExchangeEnd(unknown.report());
    JsonNode line = new ObjectMapper().readTree(stopAndRead().getFirst());
    for (String field :
        List.of("request_model", "provider", "code", "total_ms", "tokens", "cost_usd")) {
      assertThat(line.has(field) && line.get(field).isNull()).as(field).isTrue();
    }
  }

  @Test
  void writesEveryLineBeforeItStops() throws IOException {
    var log = new RequestLog();
    for (int i = 0; i < 1_500; i++) {
      log.onExchangeEnd(Reports.plain().id("req-" + i).report());
    }
    List<String> lines = stopAndRead();
    assertThat(lines).hasSize(1_500);
    assertThat(lines.getLast()).contains("\"id\":\"req-1499\"");
  }

  @Test
  void writesSoonEvenWhereTheOtherLogHadTheLastWord() throws InterruptedException {
    for (int i = 0; i < 20; i++) {
      new RequestLog().onExchangeEnd(Reports.plain().report());
      LogManager.getLogger("test").info("last word");
    }
    long end = System.nanoTime() + 10_000_000_000L;
    while (requests.toString(StandardCharsets.UTF_8).lines().count() < 20) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(5);
    }
  }

  @Test
  void logsTheApplicationAsJson() throws IOException {
    LogManager.getLogger("test").warn("name {}", "a\n\u001b[31m\"b", new IOException("c\nd"));
    LogManager.getLogger("test").debug("not at this level");
    logging.stop();
    List<String> lines = lines(application);
    assertThat(lines).hasSize(1);
    JsonNode line = new ObjectMapper().readTree(lines.getFirst());
    assertThat(line.get("message").asText()).isEqualTo("name a\n\u001b[31m\"b");
    assertThat(line.get("log.level").asText()).isEqualTo("WARN");
    assertThat(line.get("error.type").asText()).isEqualTo("java.io.IOException");
  }

  @Test
  void logsTheApplicationAsTextThatCannotForgeALine() {
    logging.stop();
    logging =
        Logging.configure(
            new LoggingSettings("debug", Format.TEXT, Requests.METADATA, null),
            application,
            requests);
    LogManager.getLogger("test").debug("name {}", "a\n2026 ERROR forged \u001b[31m");
    LogManager.getLogger("io.netty.test").debug("hushed");
    logging.stop();
    List<String> lines = lines(application);
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst()).endsWith("test: name a\\u000a2026 ERROR forged \\u001b[31m");
  }

  @Test
  void appendsToAFile(@TempDir Path directory) throws IOException {
    logging.stop();
    Path file = directory.resolve("requests.log");
    Files.writeString(file, "kept\n");
    var settings = new LoggingSettings("error", Format.JSON, Requests.METADATA, file.toString());
    logging = Logging.configure(settings);
    new RequestLog().onExchangeEnd(Reports.plain().report());
    logging.stop();
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).startsWith("{\"@timestamp\":");
  }

  @Test
  void takesNewSettingsWhileItRuns() {
    Logging before = logging;
    var log = new RequestLog();
    log.onExchangeEnd(Reports.plain().id("before").report());
    var later = new ByteArrayOutputStream();
    logging = json(later);
    log.onExchangeEnd(Reports.plain().id("after").report());
    before.stop();
    log.onExchangeEnd(Reports.plain().id("still").report());
    logging.stop();
    assertThat(lines(requests)).hasSize(1);
    assertThat(lines(later)).hasSize(2);
  }

  private Logging json(OutputStream requestLog) {
    return Logging.configure(
        new LoggingSettings("info", Format.JSON, Requests.METADATA, null), application, requestLog);
  }

  private List<String> stopAndRead() {
    logging.stop();
    return lines(requests);
  }

  private static List<String> lines(ByteArrayOutputStream bytes) {
    return List.of(bytes.toString(StandardCharsets.UTF_8).split("\n"));
  }
}
