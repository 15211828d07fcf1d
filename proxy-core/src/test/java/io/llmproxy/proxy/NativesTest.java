package io.llmproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.Version;
import org.junit.jupiter.api.Test;

/// The natives are of another release than Netty's Java jars: that each is really there and loads
/// is no matter of course, and a silent fallback would hide that it does not.
final class NativesTest {

  @Test
  void epollIsLoaded() {
    assertThat(Epoll.unavailabilityCause()).isNull();
    assertThat(Epoll.isAvailable()).isTrue();
  }

  @Test
  void ioUringIsLoaded() {
    assertThat(IoUring.unavailabilityCause()).isNull();
    assertThat(IoUring.isAvailable()).isTrue();
  }

  @Test
  void boringSslIsLoadedAndSpeaksAlpnAndTls13() {
    OpenSsl.ensureAvailability();
    assertThat(OpenSsl.versionString()).contains("BoringSSL");
    assertThat(SslProvider.isAlpnSupported(SslProvider.OPENSSL)).isTrue();
    assertThat(SslProvider.isTlsv13Supported(SslProvider.OPENSSL)).isTrue();
  }

  @Test
  void nettysJavaJarsAreOfOneReleaseAndTheNativesOfAnother() {
    assertThat(version("netty-codec-http2")).isEqualTo("4.2.20.Final");
    assertThat(version("netty-transport-classes-epoll")).isEqualTo("4.2.18.Final");
  }

  private static String version(String artifact) {
    Version version = Version.identify().get(artifact);
    return version == null ? "absent" : version.artifactVersion();
  }
}
