package io.llmproxy.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.proxy.config.Secret;
import io.llmproxy.proxy.config.Settings.Address;
import io.llmproxy.proxy.config.Settings.AdminSettings;
import io.llmproxy.proxy.observe.Metrics;
import io.llmproxy.proxy.observe.Reports;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class AdminServerIT {

  private static final String TOKEN = "correct horse battery staple";

  private final Metrics metrics = new Metrics(List.of("openai"), List.of("gpt-5"), 1);
  private final AtomicBoolean draining = new AtomicBoolean();
  private final HttpClient client = HttpClient.newHttpClient();
  private AdminServer server = start(null);

  @AfterEach
  void close() {
    server.close();
    client.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer wrong",
        "Basic correct horse battery staple",
        "Bearer \u00ff"
      })
  void refusesAWrongToken(String field) throws Exception {
    withToken();
    for (String path : List.of("/metrics", "/usage", "/", "/nothing")) {
      HttpResponse<String> reply = get(path, "authorization", field);
      assertThat(reply.statusCode()).as(path).isEqualTo(401);
      assertThat(reply.body()).contains("invalid_token").doesNotContain(TOKEN);
    }
    assertThat(post("/drain", "authorization", field).statusCode()).isEqualTo(401);
    assertThat(draining).isFalse();
  }

  @Test
  void takesTheRightToken() throws Exception {
    withToken();
    assertThat(get("/usage", "authorization", "bearer " + TOKEN).statusCode()).isEqualTo(200);
  }

  @Test
  void tellsHealthWithoutAToken() throws Exception {
    withToken();
    for (String path : List.of("/health/live", "/livez", "/healthz", "/health/ready", "/readyz")) {
      assertThat(get(path, "accept", "*/*").statusCode()).as(path).isEqualTo(200);
    }
  }

  @Test
  void refusesAWebPageThatAsksThroughABrowser() throws Exception {
    HttpResponse<String> reply = post("/drain", "origin", "https://evil.example");
    assertThat(reply.statusCode()).isEqualTo(403);
    assertThat(draining).isFalse();
  }

  @Test
  void refusesANameThatResolvesToLoopback() throws Exception {
    assertThat(raw("GET /usage HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 403 ");
  }

  @Test
  void answersNonsenseWithAnError() throws Exception {
    String reply = raw("GET /\u0001 NOTHTTP\r\n\r\n");
    assertThat(reply).startsWith("HTTP/1.1 400 ").contains("invalid_request_error");
  }

  @Test
  void refusesABodyLongerThanTheLimit() throws Exception {
    String head = "POST /drain HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99999999\r\n\r\n";
    assertThat(raw(head)).startsWith("HTTP/1.1 413 ").contains("request_too_large");
    assertThat(draining).isFalse();
  }

  @Test
  void saysWhatIsNotThereAndWhatIsNotAllowed() throws Exception {
    HttpResponse<String> missing = get("/nothing?x=1", "accept", "*/*");
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.body()).contains("unknown_url");
    HttpResponse<String> wrong = get("/drain", "accept", "*/*");
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(wrong.headers().firstValue("allow")).contains("POST");
    assertThat(post("/metrics", "accept", "*/*").statusCode()).isEqualTo(405);
  }

  @Test
  void isNotReadyWhileItDrainsButLives() throws Exception {
    assertThat(post("/drain", "accept", "*/*").statusCode()).isEqualTo(202);
    assertThat(draining).isTrue();
    HttpResponse<String> ready = get("/health/ready", "accept", "*/*");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.body()).isEqualTo("{\"status\":\"draining\"}");
    assertThat(get("/livez", "accept", "*/*").statusCode()).isEqualTo(200);
  }

  @Test
  void givesMetricsAsTextToScrapersAndAsJsonToWhoAsks() throws Exception {
    metrics.loop(0).onExchangeEnd(Reports.plain().report());
    HttpResponse<String> text =
        get("/metrics", "accept", "application/openmetrics-text;q=0.6,text/plain;version=0.0.4");
    assertThat(text.headers().firstValue("content-type")).contains(Metrics.PROMETHEUS_CONTENT_TYPE);
    assertThat(text.body()).contains("llmproxy_requests_total{");
    HttpResponse<String> json = get("/metrics", "accept", "application/json");
    assertThat(json.headers().firstValue("content-type")).contains("application/json");
    assertThat(json.body()).startsWith("{").contains("\"requests_in_flight\"");
  }

  @Test
  void givesUsage() throws Exception {
    metrics.loop(0).onExchangeEnd(Reports.plain().report());
    assertThat(get("/usage?pretty", "accept", "*/*").body())
        .contains("\"by_key\":[{\"name\":\"alice\"");
  }

  @Test
  void listsOnItsPageOnlyWhatIsThere() throws Exception {
    String page = get("/", "accept", "text/html").body();
    var links = Pattern.compile("href=\"([^\"]+)\"").matcher(page);
    int found = 0;
    while (links.find()) {
      found++;
      assertThat(get(links.group(1), "accept", "*/*").statusCode()).isEqualTo(200);
    }
    assertThat(found).isEqualTo(4);
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    HttpResponse<String> reply =
        client.send(
            HttpRequest.newBuilder(uri("/usage")).HEAD().build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEmpty();
  }

  @Test
  void saysWhichAddressItCouldNotBind() {
    Address taken = new Address("127.0.0.1", server.address().getPort());
    assertThatThrownBy(() ->
            AdminServer.start(new AdminSettings(taken, null), metrics, draining::get, () -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + taken.port());
  }

  private void withToken() {
    server.close();
    server = start(new Secret(TOKEN));
  }

  private AdminServer start(@Nullable Secret token) {
    try {
      return AdminServer.start(
          new AdminSettings(new Address("127.0.0.1", 0), token),
          metrics,
          draining::get,
          () -> draining.set(true));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  private HttpResponse<String> get(String path, String name, String value) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).header(name, value).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String name, String value) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path))
            .header(name, value)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      var reply = new byte[4096];
      int length = socket.getInputStream().readNBytes(reply, 0, reply.length);
      return new String(reply, 0, length, StandardCharsets.UTF_8);
    }
  }
}
