package io.llmproxy.proxy.listen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.HeaderName;
import io.llmproxy.proxy.http.Http1Head;
import io.llmproxy.proxy.listen.Http1RequestReader.Result.Read;
import io.llmproxy.proxy.listen.Http1RequestReader.Result.Refused;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Http1RequestReaderTest {

  private static final String HOST = "host: a\r\n";

  /// The ways in which two servers may understand one head differently (RFC 9112 section 11.2).
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 5\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5, 5\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: +5\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -5\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0x5\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5 5\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length:\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: xchunked\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked, identity\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n",
        "POST / HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length : 5\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\n content-length: 5\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\nx: y\r\n folded\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\nx\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\n: x\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\nx: a\0b\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\nx: a\rb\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\nx: a\nb: c\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\nauthorization: a\r\nauthorization: b\r\n\r\n",
        "POST / HTTP/1.1\r\n\r\n",
        "POST /\r\n\r\n",
        "POST / HTTP/2.0\r\nhost: a\r\n\r\n",
        "POST / HTTP/1.2\r\nhost: a\r\n\r\n",
        "POST / http/1.1\r\nhost: a\r\n\r\n",
        "POST  / HTTP/1.1\r\nhost: a\r\n\r\n",
        "POST / x HTTP/1.1\r\nhost: a\r\n\r\n",
        "PO(ST / HTTP/1.1\r\nhost: a\r\n\r\n",
        "\u0000POST / HTTP/1.1\r\nhost: a\r\n\r\n",
        "POST x HTTP/1.1\r\nhost: a\r\n\r\n"
      })
  void refusesWhatCouldBeReadInTwoWays(String head) {
    assertThat(read(head)).isInstanceOf(Refused.class);
  }

  @Test
  void refusesATargetOfMoreThanEightKilobytes() {
    assertThat(read("GET /" + "a".repeat(9000) + " HTTP/1.1\r\nhost: a\r\n\r\n"))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.failure().kind()).isEqualTo(FailureKind.URL_TOO_LONG));
  }

  @Test
  void readsLengthAndFieldsInAnyCase() {
    Read read =
        (Read)
            read(
                "POST /v1/x?beta=true HTTP/1.1\r\nHost: a\r\nContent-LENGTH: 12\r\nX-Api-Key:  k \r\n\r\n");
    assertThat(read.bodyBytes()).isEqualTo(12);
    assertThat((Object) read.head().get(HeaderName.X_API_KEY)).hasToString("k");
    assertThat((Object) read.head().path()).hasToString("/v1/x");
    assertThat(read.keepAlive()).isTrue();
  }

  @Test
  void takesTheAbsoluteForm() {
    Read read = (Read) read("GET http://a:80/health HTTP/1.1\r\n" + HOST + "\r\n");
    assertThat((Object) read.head().path()).hasToString("/health");
  }

  @Test
  void keepsTheConnectionAsTheVersionAndTheFieldSay() {
    assertThat(keepAlive("GET / HTTP/1.1\r\n" + HOST + "connection: Close\r\n\r\n")).isFalse();
    assertThat(keepAlive("GET / HTTP/1.0\r\n\r\n")).isFalse();
    assertThat(keepAlive("GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n")).isTrue();
    assertThat(
            keepAlive("GET / HTTP/1.1\r\n" + HOST + "connection: Upgrade, HTTP2-Settings\r\n\r\n"))
        .isTrue();
  }

  private static boolean keepAlive(String head) {
    return ((Read) read(head)).keepAlive();
  }

  private static Http1RequestReader.Result read(String head) {
    ByteBuf buf = Unpooled.copiedBuffer(head, ISO_8859_1);
    int end = Http1Head.end(buf, 0);
    assertThat(end).isPositive();
    return new Http1RequestReader("127.0.0.1").read(buf, end);
  }
}
