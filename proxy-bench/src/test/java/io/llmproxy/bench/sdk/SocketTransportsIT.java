package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.config.Settings.Transport;
import io.llmproxy.proxy.http.Tls;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each way to the kernel carries requests end to end, and is the one that was asked for.
@Timeout(60)
@ExtendWith(LeakWatch.class)
final class SocketTransportsIT {

  private static final Map<Transport, String> HANDLERS =
      Map.of(
          Transport.EPOLL, EpollIoHandler.class.getName(),
          Transport.IO_URING, IoUringIoHandler.class.getName(),
          Transport.NIO, NioIoHandler.class.getName());

  /// More than any socket's buffer takes at once.
  private static final String BODY = Bodies.chat("openai/sim-events=300,bytes=4KiB", true);

  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @EnumSource(Transport.class)
  void carriesHttp1InCleartext(Transport transport) throws Exception {
    try (Lab lab = Lab.start(yaml -> yaml.top(line(transport)));
        HttpClient client = HttpClient.newHttpClient()) {
      assertCarries(client, lab, HttpClient.Version.HTTP_1_1);
      assertThat(handlersAtWork()).containsExactly(HANDLERS.get(transport));
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void carriesHttp2OverTlsOfBoringSsl(Transport transport) throws Exception {
    LabCertificate certificate = LabCertificate.in(directory);
    try (Lab lab =
            Lab.start(yaml ->
                yaml.top(line(transport))
                    .top(certificate.yaml())
                    .eachProvider("http2: prior_knowledge"));
        HttpClient client = HttpClient.newBuilder().sslContext(certificate.client()).build()) {
      assertCarries(client, lab, HttpClient.Version.HTTP_2);
      assertThat(handlersAtWork()).containsExactly(HANDLERS.get(transport));
      assertThat(OpenSsl.versionString()).contains("BoringSSL");
      SslContext tls = Tls.server(Objects.requireNonNull(lab.settings().tls()));
      assertThat(tls).isInstanceOf(ReferenceCountedOpenSslContext.class);
      ((ReferenceCountedOpenSslContext) tls).release();
    }
  }

  private static String line(Transport transport) {
    return "transport: " + transport.name().toLowerCase(Locale.ROOT);
  }

  private static void assertCarries(HttpClient client, Lab lab, HttpClient.Version version)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(lab.origin() + "/v1/chat/completions"))
            .POST(BodyPublishers.ofString(BODY))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertThat(answer.version()).isEqualTo(version);
    assertThat(answer.body()).hasSizeGreaterThan(300 * 4096).endsWith("data: [DONE]\n\n");
  }

  /// The handlers on which the proxy's event loops wait or work, read from their threads' stacks. A
  /// loop may be seen between two turns, in no handler: then it is looked at again.
  private static Set<String> handlersAtWork() throws InterruptedException {
    Set<String> seen = handlersNow();
    for (int i = 0; i < 100 && seen.isEmpty(); i++) {
      Thread.sleep(20);
      seen = handlersNow();
    }
    return seen;
  }

  private static Set<String> handlersNow() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().startsWith("llmproxy-loop"))
        .flatMap(thread -> handlers(thread.getValue()))
        .collect(Collectors.toSet());
  }

  private static Stream<String> handlers(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .map(StackTraceElement::getClassName)
        .filter(HANDLERS::containsValue)
        .distinct();
  }
}
