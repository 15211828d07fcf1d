package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.SimulatorSettings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// TLS on both sides, with what ALPN agrees on, asked by the JDK's own client.
@Timeout(120)
final class TlsIT {

  @TempDir private static Path dir;
  private static X509Bundle certificate;
  private static ProxyBed http2;
  private static ProxyBed http1;

  @BeforeAll
  static void start() throws Exception {
    certificate = certificate("localhost");
    X509Bundle other = certificate("elsewhere.example");
    Path ca = file("ca.pem", certificate.getCertificatePEM());
    String tls =
        "  tls:\n    cert: \""
            + file("cert.pem", certificate.getCertificatePathPEM())
            + "\"\n    key: \""
            + file("key.pem", certificate.getPrivateKeyPEM())
            + "\"\n";
    SimulatorSettings simulators = SimulatorSettings.DEFAULT.withTls(server(certificate));
    String trust = "      ca_file: \"" + ca + "\"\n";
    http2 = new ProxyBed(new ProxyBed.Plan(simulators, trust, "", tls));
    String never = trust + "      http2: never\n";
    String base = http2.simulators().baseUrl(SimulatedProvider.OPENAI).toString();
    String others =
        "    distrusted:\n      type: openai\n      api_key: k\n      base_url: \""
            + base
            + "\"\n      ca_file: \""
            + file("other.pem", other.getCertificatePEM())
            + "\"\n    cleartext:\n      type: openai\n      api_key: k\n      base_url: \""
            + base.replace("https:", "http:")
            + "\"\n";
    http1 = new ProxyBed(new ProxyBed.Plan(simulators, never, others, tls));
  }

  @AfterAll
  static void stop() {
    http1.close();
    http2.close();
  }

  @AfterEach
  void atRest() throws InterruptedException {
    http1.assertAtRest();
    http2.assertAtRest();
  }

  private static X509Bundle certificate(String name) throws Exception {
    return new CertificateBuilder()
        .subject("CN=" + name)
        .addSanDnsName(name)
        .addSanIpAddress(name.equals("localhost") ? "127.0.0.1" : "203.0.113.1")
        .setIsCertificateAuthority(true)
        .buildSelfSigned();
  }

  private static Path file(String name, String text) throws IOException {
    return Files.writeString(dir.resolve(name), text);
  }

  private static SslContext server(X509Bundle bundle) throws Exception {
    return SslContextBuilder.forServer(bundle.toKeyManagerFactory())
        .sslProvider(SslProvider.JDK)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2,
                ApplicationProtocolNames.HTTP_1_1))
        .build();
  }

  private static HttpClient client(Version version) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("proxy", certificate.getCertificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder()
        .sslContext(context)
        .version(version)
        .connectTimeout(Duration.ofSeconds(10))
        .build();
  }

  private static HttpRequest request(ProxyBed bed, String path, byte[] body) {
    URI uri = URI.create("https://127.0.0.1:" + bed.address().getPort() + path);
    return HttpRequest.newBuilder(uri)
        .timeout(Duration.ofSeconds(40))
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  private static Answer ask(HttpClient client, ProxyBed bed, Ask ask) throws Exception {
    HttpResponse<byte[]> reply =
        client.send(request(bed, ask.path(), ask.body()), BodyHandlers.ofByteArray());
    String type = reply.headers().firstValue("content-type").orElse("");
    return new Answer(reply.statusCode(), Map.of("content-type", type), reply.body(), Ending.WHOLE);
  }

  private static String askProvider(
      HttpClient client, ProxyBed bed, SimulatedProvider provider, String body) throws Exception {
    String path = provider == SimulatedProvider.ANTHROPIC ? Ask.MESSAGES : "/chat/completions";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(bed.simulators().baseUrl(provider) + path))
            .header("authorization", "Bearer k.k")
            .header("anthropic-version", "2023-06-01")
            .POST(BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString(UTF_8)).body();
  }

  @ParameterizedTest
  @CsvSource({"HTTP_1_1, true", "HTTP_1_1, false", "HTTP_2, true", "HTTP_2, false"})
  void streamsArriveAsTheyWereSent(Version version, boolean upstreamHttp2) throws Exception {
    ProxyBed bed = upstreamHttp2 ? http2 : http1;
    try (HttpClient client = client(version)) {
      for (SimulatedProvider provider : SimulatedProvider.values()) {
        boolean messages = provider == SimulatedProvider.ANTHROPIC;
        boolean asks = !messages && provider != SimulatedProvider.GLM;
        String usage = asks ? ",\"stream_options\":{\"include_usage\":true}" : "";
        String path = messages ? Ask.MESSAGES : Ask.CHAT;
        String body = Ask.body(provider.key() + "/plain", true, usage);
        HttpResponse<String> reply =
            client.send(request(bed, path, body.getBytes(UTF_8)), BodyHandlers.ofString(UTF_8));
        assertThat(reply.version()).isEqualTo(version);
        assertThat(reply.statusCode()).isEqualTo(200);
        String direct = askProvider(client, bed, provider, body.replace(provider.key() + "/", ""));
        // GLM counts without being asked, beside a choice, where clients do not expect it.
        String expected =
            provider == SimulatedProvider.GLM
                ? direct.replaceFirst("\"usage\":\\{.*\\}\\}\\}\n", "\"usage\":null}\n")
                : direct;
        assertThat(reply.body()).isEqualTo(expected).contains(messages ? "message_stop" : "[DONE]");
      }
      Answer big = ask(client, bed, Ask.of("openai/sim-events=3000,bytes=1000", true));
      assertThat(big.text()).endsWith("data: [DONE]\n\n");
      assertThat(big.body().length).isGreaterThan(3000 * 1000);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void bodiesArriveWhole(Version version) throws Exception {
    String text = "0123456789abcdef".repeat(1 << 19);
    byte[] body =
        ("{\"model\":\"openai-alias\",\"messages\":[{\"content\":\"" + text + "\"}]}")
            .getBytes(UTF_8);
    int expected = body.length - "openai-alias".length() + "sim-echo,id=openai".length();
    try (HttpClient client = client(version)) {
      for (ProxyBed bed : List.of(http1, http2)) {
        Answer answer = ask(client, bed, Ask.post(Ask.CHAT, body));
        assertThat(answer.text()).contains("bytes " + expected);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void aBodyThatIsTooLargeIsRefused(Version version) throws Exception {
    try (HttpClient client = client(version)) {
      Ask ask = Ask.post(Ask.CHAT, new byte[(32 << 20) + 1]);
      Refusals.assertOpenAi(ask(client, http2, ask), 413, "request_too_large");
      assertThat(ask(client, http2, Ask.of("openai/gpt-6", false)).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void aStreamThatIsCutIsNoWholeBodyToTheClient(Version version) throws Exception {
    try (HttpClient client = client(version)) {
      for (String fault : List.of("cut=3", "drop=3", "close=3", "end=3", "error_event=3")) {
        Ask ask = Ask.of("openai/sim-events=9," + fault, true);
        assertThatThrownBy(() -> ask(client, http2, ask)).as(fault).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void manyAtOnceShareAConnection() throws Exception {
    try (HttpClient client = client(Version.HTTP_2)) {
      ask(client, http2, Ask.of("openai/gpt-6", false));
      List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        Ask ask = Ask.of("glm/sim-events=20,rate=200,id=n" + i, true);
        replies.add(
            client.sendAsync(request(http2, ask.path(), ask.body()), BodyHandlers.ofString(UTF_8)));
      }
      for (int i = 0; i < replies.size(); i++) {
        assertThat(replies.get(i).get().body()).contains("\"n" + i + "\"").endsWith("[DONE]\n\n");
      }
      assertThat(http2.proxy().downstreamConnections()).isEqualTo(1);
    }
  }

  @Test
  void aProviderWhoseCertificateIsNotTrustedIsNotAsked() throws Exception {
    long before = http1.books().requests() + http2.books().requests();
    try (HttpClient client = client(Version.HTTP_2)) {
      Refusals.assertOpenAi(
          ask(client, http1, Ask.of("distrusted/gpt", true)), 502, "upstream_error");
      Answer cleartext = ask(client, http1, Ask.of("cleartext/gpt", true));
      assertThat(cleartext.status()).isBetween(502, 503);
    }
    assertThat(http1.books().requests() + http2.books().requests()).isEqualTo(before);
  }

  @Test
  void aCallerThatTrustsSomebodyElseIsLetGo() throws Exception {
    try (HttpClient stranger = HttpClient.newHttpClient()) {
      HttpRequest request = request(http2, Ask.CHAT, new byte[0]);
      assertThatThrownBy(() -> stranger.send(request, BodyHandlers.ofString()))
          .isInstanceOf(SSLHandshakeException.class);
    }
    try (Http1Caller plain = new Http1Caller(http2.address())) {
      plain.write("GET /health HTTP/1.1\r\nhost: a\r\n\r\n");
      Patience.until("no connection left", () -> http2.proxy().downstreamConnections() == 0);
    }
  }
}
