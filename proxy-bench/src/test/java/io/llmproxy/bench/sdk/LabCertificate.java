package io.llmproxy.bench.sdk;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// A certificate for loopback: its files for the proxy, the trust in it for clients.
public final class LabCertificate {

  private final X509Bundle bundle;
  private final Path certificate;
  private final Path key;

  private LabCertificate(X509Bundle bundle, Path directory) throws IOException {
    this.bundle = bundle;
    this.certificate =
        Files.writeString(directory.resolve("cert.pem"), bundle.getCertificatePathPEM());
    this.key = Files.writeString(directory.resolve("key.pem"), bundle.getPrivateKeyPEM());
  }

  /// Makes one whose files lie in `directory`.
  public static LabCertificate in(Path directory) throws Exception {
    X509Bundle bundle =
        new CertificateBuilder()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .addSanIpAddress("127.0.0.1")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    return new LabCertificate(bundle, directory);
  }

  public String yaml() {
    return "tls: {cert: \"%s\", key: \"%s\"}".formatted(certificate, key);
  }

  /// The file that holds the certificate, for clients that read one.
  public Path certificate() {
    return certificate;
  }

  X509TrustManager trust() {
    return Arrays.stream(bundle.toTrustManagerFactory().getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .findFirst()
        .orElseThrow();
  }

  SSLContext client() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {trust()}, null);
    return context;
  }
}
