package io.llmproxy.bench.sdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Clients that know nothing of any provider: Java's own and curl.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakWatch.class)
final class PlainClientsIT {

  private static final String STREAM = Bodies.chat("openai/sim-events=20,bytes=16,rate=200", true);

  private static final String CUT = Bodies.chat("openai/sim-events=20,rate=200,cut=5", true);

  private final LabCertificate certificate;
  private final Lab cleartext;
  private final Lab tls;

  PlainClientsIT(@TempDir Path directory) throws Exception {
    certificate = LabCertificate.in(directory);
    cleartext = Lab.cleartext();
    tls = Lab.tls(certificate);
  }

  @AfterAll
  void close() {
    cleartext.close();
    tls.close();
  }

  /// By default it asks to upgrade to h2c on every cleartext request.
  @Test
  void javasOwnClientIsAnsweredOverHttp1WhateverUpgradeItOffers() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.version()).isEqualTo(HttpClient.Version.HTTP_2);
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> answer = post(client, cleartext);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertWhole(answer.body());
      }
    }
    assertThat(cleartext.proxy().exchanges()).isZero();
  }

  @Test
  void javasOwnClientSpeaksHttp2OverTls() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(certificate.client()).build()) {
      HttpResponse<String> answer = post(client, tls);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertWhole(answer.body());
    }
  }

  @Test
  void curlStreamsOverHttp1() throws Exception {
    assertCurl("1.1", cleartext, "--no-buffer");
  }

  @Test
  void curlStreamsOverHttp2ByPriorKnowledge() throws Exception {
    assertCurl("2", cleartext, "--no-buffer", "--http2-prior-knowledge");
  }

  @Test
  void curlThatOffersAnUpgradeIsAnsweredOverHttp1() throws Exception {
    assertCurl("1.1", cleartext, "--no-buffer", "--http2");
  }

  @Test
  void curlStreamsOverTls() throws Exception {
    String trusted = certificate.certificate().toString();
    assertCurl("2", tls, "--no-buffer", "--cacert", trusted);
    assertCurl("1.1", tls, "--no-buffer", "--cacert", trusted, "--http1.1");
  }

  @Test
  void curlFailsWhereAStreamOverHttp1Breaks() throws Exception {
    Ran ran = curl(cleartext, CUT, "--no-buffer", "--http1.1");
    if (ran != null) {
      assertThat(ran.status()).isNotZero();
      assertThat(ran.out()).contains("data: {\"error\":").doesNotContain("[DONE]");
    }
  }

  /// What comes in one segment with a reset curl may throw away: the error record too.
  @Test
  void curlFailsWhereAStreamOverHttp2Breaks() throws Exception {
    Ran ran = curl(cleartext, CUT, "--no-buffer", "--http2-prior-knowledge");
    if (ran != null) {
      assertThat(ran.status()).isNotZero();
      assertThat(ran.out()).contains("the answer goes ").doesNotContain("[DONE]");
    }
  }

  private static void assertWhole(String body) {
    assertThat(body).endsWith("data: [DONE]\n\n");
    assertThat(body.split("the answer goes ", -1)).hasSize(21);
  }

  private static HttpResponse<String> post(HttpClient client, Lab lab)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(lab.origin() + "/v1/chat/completions"))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(STREAM))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private static void assertCurl(String version, Lab lab, String... options)
      throws IOException, InterruptedException {
    Ran ran = curl(lab, STREAM, options);
    if (ran != null) {
      assertThat(ran.status()).as(ran.out()).isZero();
      String spoken = "\nHTTP/" + version;
      assertThat(ran.out()).endsWith(spoken);
      assertWhole(ran.out().substring(0, ran.out().length() - spoken.length()));
    }
  }

  /// What a run of curl said on standard output, and its exit status.
  private record Ran(int status, String out) {}

  /// Null where this machine has no curl, which only a developer's may.
  private static @Nullable Ran curl(Lab lab, String body, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "20"));
    command.addAll(List.of(options));
    command.addAll(List.of("-H", "content-type: application/json", "-d", body));
    command.addAll(List.of("-w", "\\nHTTP/%{http_version}"));
    command.add(lab.origin() + "/v1/chat/completions");
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      assertThat(System.getenv("CI")).as("curl is needed: " + e.getMessage()).isNotEqualTo("true");
      System.out.println("PlainClientsIT: not run with curl, which is not here: " + e.getMessage());
      return null;
    }
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), out);
  }
}
