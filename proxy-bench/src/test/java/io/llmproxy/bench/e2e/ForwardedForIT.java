package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who a caller says it is counts only where a proxy says it that is trusted: limits and the usage
/// of each are those of the address that was found so.
@Timeout(60)
final class ForwardedForIT {

  private static final String TRUSTED = "127.0.0.2";
  private static final String STRANGER = "127.0.0.3";

  private ProxyBed bed;

  @BeforeEach
  void start() throws IOException {
    bed =
        new ProxyBed(
            ProxyBed.Plan.of(Wire.H1)
                .withRoot(
                    """
                      trusted_proxies: ["127.0.0.2/32", "10.0.0.0/8"]
                      rate_limits: {per_ip: {requests_per_minute: 1}}
                    """));
  }

  @AfterEach
  void stop() throws Exception {
    bed.assertAtRest();
    bed.close();
  }

  /// Gives the status.
  private int ask(String from, String fields) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
      socket.connect(bed.address());
      socket.setSoTimeout(20_000);
      byte[] body = Ask.of("openai/gpt-6", false).body();
      String head =
          "POST %s HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\ncontent-length: %d\r\n%s\r\n"
              .formatted(Ask.CHAT, body.length, fields);
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      socket.getOutputStream().write(body);
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      return Integer.parseInt(answer, 9, 12, 10);
    }
  }

  @Test
  void aStrangersWordCountsForNothing() throws Exception {
    assertThat(ask(STRANGER, "x-forwarded-for: 203.0.113.1\r\n")).isEqualTo(200);
    assertThat(ask(STRANGER, "x-forwarded-for: 203.0.113.2\r\n")).isEqualTo(429);
    assertThat(ask(STRANGER, "forwarded: for=203.0.113.3\r\n")).isEqualTo(429);
    assertThat(ask(STRANGER, "x-forwarded-for: 127.0.0.2\r\nx-real-ip: 203.0.113.4\r\n"))
        .isEqualTo(429);
    assertThat(bed.usage()).contains("\"name\":\"" + STRANGER).doesNotContain("203.0.113");
  }

  @Test
  void aTrustedProxysCallersAreToldApart() throws Exception {
    assertThat(ask(TRUSTED, "x-forwarded-for: 203.0.113.1\r\n")).isEqualTo(200);
    assertThat(ask(TRUSTED, "x-forwarded-for: 203.0.113.2\r\n")).isEqualTo(200);
    assertThat(ask(TRUSTED, "x-forwarded-for: 203.0.113.1\r\n")).isEqualTo(429);
    assertThat(bed.usage()).contains("203.0.113.1", "203.0.113.2").doesNotContain(TRUSTED);
  }

  /// What stands left of the address that the trusted proxy saw was written by anybody.
  @Test
  void whatTheCallerWroteBeforeItsAddressIsNotBelieved() throws Exception {
    assertThat(ask(TRUSTED, "x-forwarded-for: 198.51.100.1, 203.0.113.1\r\n")).isEqualTo(200);
    assertThat(ask(TRUSTED, "x-forwarded-for: 198.51.100.2, 203.0.113.1, 10.1.2.3\r\n"))
        .isEqualTo(429);
    assertThat(ask(TRUSTED, "x-forwarded-for: 198.51.100.3\r\nx-forwarded-for: 203.0.113.1\r\n"))
        .isEqualTo(429);
    assertThat(bed.usage()).contains("203.0.113.1").doesNotContain("198.51.100");
  }
}
