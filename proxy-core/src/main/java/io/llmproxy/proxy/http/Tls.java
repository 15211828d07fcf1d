package io.llmproxy.proxy.http;

import io.llmproxy.proxy.config.ProviderSettings;
import io.llmproxy.proxy.config.ProviderSettings.Http2;
import io.llmproxy.proxy.config.Settings.TlsSettings;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.File;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// TLS with ALPN, by BoringSSL where its library loads.
public final class Tls {

  private static final ApplicationProtocolConfig BOTH =
      alpn(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
  private static final ApplicationProtocolConfig HTTP_1_ONLY =
      alpn(ApplicationProtocolNames.HTTP_1_1);

  private Tls() {}

  /// For the data port.
  public static SslContext server(TlsSettings settings) throws SSLException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(new File(settings.cert()), new File(settings.key()))
            .sslProvider(provider())
            .protocols(protocols(settings.minVersion()))
            .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
            .applicationProtocolConfig(BOTH);
    String clientCa = settings.clientCa();
    if (clientCa != null) {
      builder.trustManager(new File(clientCa)).clientAuth(ClientAuth.REQUIRE);
    }
    return builder.build();
  }

  /// For connections to a provider; names are checked against certificates (Netty's default).
  public static SslContext client(ProviderSettings provider) throws SSLException {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(provider())
            .protocols(protocols("TLSv1.2"))
            .endpointIdentificationAlgorithm("HTTPS")
            .applicationProtocolConfig(provider.http2() == Http2.NEVER ? HTTP_1_ONLY : BOTH);
    @Nullable String caFile = provider.caFile();
    if (caFile != null) {
      builder.trustManager(new File(caFile));
    }
    return builder.build();
  }

  private static String[] protocols(String minVersion) {
    return minVersion.equals("TLSv1.3")
        ? new String[] {"TLSv1.3"}
        : new String[] {"TLSv1.3", "TLSv1.2"};
  }

  private static SslProvider provider() {
    return OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
  }

  private static ApplicationProtocolConfig alpn(String... protocols) {
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        protocols);
  }
}
