package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import io.llmproxy.bench.simulator.SimulatedProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// A proxy for each [Wire], and both official SDKs before each of them.
final class SdkLab implements AutoCloseable {

  /// The key the SDKs show the proxy; no provider must ever see it.
  static final String CALLER_KEY = "CALLERSECRET-sdk";

  private final Lab cleartext;
  private final Lab tls;
  private final WatchedSockets openAiSockets;
  private final WatchedSockets anthropicSockets;
  private final Map<Wire, OpenAIClient> openAi;
  private final Map<Wire, AnthropicClient> anthropic;

  SdkLab(Path directory) throws Exception {
    LabCertificate certificate = LabCertificate.in(directory);
    cleartext = Lab.cleartext();
    tls = Lab.tls(certificate);
    openAiSockets = new WatchedSockets(certificate.client());
    anthropicSockets = new WatchedSockets(certificate.client());
    openAi =
        Map.of(
            Wire.HTTP_1, openAi(cleartext).build(),
            Wire.HTTP_2_TLS,
                openAi(tls)
                    .sslSocketFactory(openAiSockets)
                    .trustManager(certificate.trust())
                    .build());
    anthropic =
        Map.of(
            Wire.HTTP_1, anthropic(cleartext).build(),
            Wire.HTTP_2_TLS,
                anthropic(tls)
                    .sslSocketFactory(anthropicSockets)
                    .trustManager(certificate.trust())
                    .build());
  }

  private static OpenAIOkHttpClient.Builder openAi(Lab lab) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(lab.origin() + "/v1")
        .apiKey(CALLER_KEY)
        .timeout(Duration.ofSeconds(20))
        .maxRetries(0);
  }

  private static AnthropicOkHttpClient.Builder anthropic(Lab lab) {
    return AnthropicOkHttpClient.builder()
        .baseUrl(lab.origin())
        .apiKey(CALLER_KEY)
        .timeout(Duration.ofSeconds(20))
        .maxRetries(0);
  }

  OpenAIClient openAi(Wire wire) {
    return java.util.Objects.requireNonNull(openAi.get(wire));
  }

  AnthropicClient anthropic(Wire wire) {
    return java.util.Objects.requireNonNull(anthropic.get(wire));
  }

  Clients clients(Wire wire) {
    return new Clients(openAi(wire), anthropic(wire));
  }

  Lab lab(Wire wire) {
    return switch (wire) {
      case HTTP_1 -> cleartext;
      case HTTP_2_TLS -> tls;
    };
  }

  /// Output tokens the provider's own books hold for `model`.
  long billedOutput(Wire wire, SimulatedProvider provider, String model) {
    return lab(wire).simulators().books().model(provider, model).tokens().output();
  }

  void assertOpenAiSpoke(Wire wire) {
    assertSpoke(wire, openAiSockets);
  }

  void assertAnthropicSpoke(Wire wire) {
    assertSpoke(wire, anthropicSockets);
  }

  private static void assertSpoke(Wire wire, WatchedSockets sockets) {
    if (wire == Wire.HTTP_2_TLS) {
      assertThat(sockets.protocols()).isNotEmpty().allMatch("h2"::equals);
    }
  }

  @Override
  public void close() {
    openAi.values().forEach(OpenAIClient::close);
    anthropic.values().forEach(AnthropicClient::close);
    cleartext.close();
    tls.close();
  }
}
