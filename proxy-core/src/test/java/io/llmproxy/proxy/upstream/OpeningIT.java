package io.llmproxy.proxy.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.upstream.PoolBed.Plan;
import io.llmproxy.proxy.upstream.PoolBed.Reply;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How a connection to a provider comes about, and what is told where none does.
@Timeout(60)
final class OpeningIT {

  private static final String ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
  @TempDir private static Path dir;

  /// Takes SYNs no more: as an address behind which nothing is, connections to it stay unanswered.
  private static final class BlackHole implements AutoCloseable {
    private final ServerSocket listener;
    private final List<Socket> fill = new ArrayList<>();

    BlackHole(InetAddress address) throws IOException {
      listener = new ServerSocket(0, 1, address);
      for (int i = 0; i < 2; i++) {
        Socket socket = new Socket();
        fill.add(socket);
        socket.connect(listener.getLocalSocketAddress(), 1000);
      }
    }

    int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : fill) {
        socket.close();
      }
      listener.close();
    }
  }

  private static RawHttp2Server answering(String host, int port) throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.bind(new InetSocketAddress(host, port));
    return new RawHttp2Server(
        listener,
        (peer, _) -> {
          while (true) {
            readHead(peer);
            peer.in().readNBytes(2);
            peer.text(ANSWER);
          }
        });
  }

  private static String readHead(RawHttp2Server.Peer peer) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) peer.in().readUnsignedByte());
    }
    return head.toString();
  }

  private static Plan named(int port, DnsServer dns) {
    return Plan.http1(port)
        .named(
            "http://provider.test:" + port,
            new SingletonDnsServerAddressStreamProvider(dns.address()));
  }

  private static Duration took(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  @Test
  void aRefusalIsToldAtOnce() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (PoolBed bed = new PoolBed(Plan.http2(port))) {
      bed.ask();
      long start = System.nanoTime();
      List<Reply> replies = List.of(bed.start(2), bed.start(2), bed.start(2));
      for (Reply reply : replies) {
        assertThat(reply.await()).startsWith("UPSTREAM_UNREACHABLE");
      }
      assertThat(took(start)).isLessThan(Duration.ofSeconds(1));
      assertThat(bed.connections()).isZero();
    }
  }

  @Test
  void anAddressThatDoesNotAnswerIsPassedOver() throws Exception {
    try (BlackHole hole = new BlackHole(InetAddress.getByName("127.0.0.2"));
        RawHttp2Server server = answering("127.0.0.1", hole.port());
        DnsServer dns = new DnsServer("127.0.0.2", "127.0.0.1");
        PoolBed bed = new PoolBed(named(hole.port(), dns))) {
      long start = System.nanoTime();
      Reply first = bed.start(2);
      assertThat(first.await()).isEqualTo("ok");
      assertThat(took(start)).isBetween(Duration.ofMillis(240), Duration.ofSeconds(3));
      Reply held = bed.start(2);
      Reply second = bed.start(2);
      assertThat(held.await()).isEqualTo("ok");
      assertThat(second.await()).isEqualTo("ok");
      assertThat(server.connections()).isBetween(1, 2);
    }
  }

  @Test
  void anAddressThatRefusesIsPassedOverAtOnce() throws Exception {
    try (RawHttp2Server server = answering("127.0.0.1", 0);
        DnsServer dns = new DnsServer("127.0.0.3", "127.0.0.4", "127.0.0.1");
        PoolBed bed = new PoolBed(named(server.port(), dns))) {
      assertThat(bed.ask()).isEqualTo("ok");
    }
  }

  @Test
  void theAddressThatWorkedIsTriedFirst() throws Exception {
    try (BlackHole hole = new BlackHole(InetAddress.getByName("127.0.0.2"));
        RawHttp2Server server = answering("127.0.0.1", hole.port());
        DnsServer dns = new DnsServer("127.0.0.2", "127.0.0.1");
        PoolBed bed = new PoolBed(named(hole.port(), dns))) {
      assertThat(bed.ask()).isEqualTo("ok");
      for (int i = 1; i <= 10; i++) {
        bed.tend(Duration.ofMinutes(1));
        assertThat(bed.ask()).isEqualTo("ok");
      }
      long start = System.nanoTime();
      for (int i = 1; i <= 10; i++) {
        bed.tend(Duration.ofMinutes(1));
        assertThat(bed.ask()).isEqualTo("ok");
      }
      assertThat(server.connections()).isEqualTo(21);
      assertThat(took(start)).as("ten times 250 ms").isLessThan(Duration.ofMillis(2500));
    }
  }

  @Test
  void aProviderThatNeverAnswersIsToldInTime() throws Exception {
    try (BlackHole hole = new BlackHole(InetAddress.getLoopbackAddress());
        PoolBed bed = new PoolBed(Plan.http1(hole.port()).within(Duration.ofMillis(400)))) {
      long start = System.nanoTime();
      assertThat(bed.ask()).startsWith("UPSTREAM_UNREACHABLE");
      assertThat(took(start)).isBetween(Duration.ofMillis(390), Duration.ofSeconds(4));
      assertThat(bed.connections()).isZero();
    }
  }

  @Test
  void whoWaitsTooLongForAConnectionIsTold() throws Exception {
    try (BlackHole hole = new BlackHole(InetAddress.getLoopbackAddress());
        PoolBed bed = new PoolBed(Plan.http2(hole.port()).within(Duration.ofSeconds(20)))) {
      Reply reply = bed.start(2);
      bed.tend(Duration.ofSeconds(19));
      assertThat(reply.end).isNotDone();
      bed.tend(Duration.ofSeconds(21));
      assertThat(reply.await()).startsWith("UPSTREAM_UNREACHABLE");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SILENT", "NAME_UNKNOWN"})
  void whatDnsSaidLastStandsInForIt(String mood) throws Exception {
    try (RawHttp2Server server = answering("127.0.0.1", 0);
        DnsServer dns = new DnsServer("127.0.0.1");
        PoolBed bed = new PoolBed(named(server.port(), dns))) {
      assertThat(bed.ask()).isEqualTo("ok");
      int asked = dns.questions();
      dns.mood = DnsServer.Mood.valueOf(mood);
      bed.tend(Duration.ofMinutes(1));
      long start = System.nanoTime();
      assertThat(bed.ask()).isEqualTo("ok");
      assertThat(took(start)).isLessThan(Duration.ofMillis(1500));
      assertThat(dns.questions()).as("a TTL of 0 is not kept").isGreaterThan(asked);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SILENT", "NAME_UNKNOWN"})
  void aNameThatWasNeverFoundIsAFailure(String mood) throws Exception {
    try (DnsServer dns = new DnsServer("127.0.0.1")) {
      dns.mood = DnsServer.Mood.valueOf(mood);
      try (PoolBed bed = new PoolBed(named(1, dns).within(Duration.ofMillis(500)))) {
        long start = System.nanoTime();
        Reply reply = bed.start(2);
        // The loop is free meanwhile.
        assertThat(bed.connections()).isLessThanOrEqualTo(1);
        assertThat(took(start)).isLessThan(Duration.ofMillis(450));
        assertThat(reply.await()).startsWith("UPSTREAM_UNREACHABLE");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "expired, localhost, true",
    "valid, elsewhere.example, true",
    "valid, localhost, false"
  })
  void aCertificateThatIsNotGoodIsShownNoKey(String validity, String name, boolean trusted)
      throws Exception {
    X509Bundle authority = certificate("authority", false, null);
    X509Bundle bundle = certificate(name, validity.equals("expired"), authority);
    X509Bundle other = certificate("authority", false, null);
    AtomicInteger heard = new AtomicInteger();
    try (RawHttp2Server server = new RawHttp2Server((peer, _) -> listen(peer, bundle, heard));
        PoolBed bed = new PoolBed(tls(server.port(), trusted ? authority : other))) {
      String end = bed.ask();
      assertThat(end).startsWith("UPSTREAM_TLS").contains("TLS");
      assertThat(server.connections()).isEqualTo(1);
      assertThat(heard.get()).as("bytes in the clear or decrypted").isEqualTo(0);
    }
  }

  @Test
  void aCertificateThatIsGoodIsShownTheKey() throws Exception {
    X509Bundle authority = certificate("authority", false, null);
    X509Bundle bundle = certificate("localhost", false, authority);
    AtomicInteger heard = new AtomicInteger();
    try (RawHttp2Server server = new RawHttp2Server((peer, _) -> listen(peer, bundle, heard));
        PoolBed bed = new PoolBed(tls(server.port(), authority))) {
      assertThat(bed.ask()).startsWith("UPSTREAM_CUT");
      assertThat(heard.get()).isGreaterThan(PoolBed.KEY.length());
    }
  }

  private static Plan tls(int port, X509Bundle trusted) throws Exception {
    Path ca = Files.createTempFile(dir, "ca", ".pem");
    Files.writeString(ca, trusted.getCertificatePEM());
    return Plan.http1(port).tls("https://localhost:" + port, ca.toString());
  }

  /// @param issuer null for an authority
  private static X509Bundle certificate(String name, boolean expired, @Nullable X509Bundle issuer)
      throws Exception {
    Instant now = Instant.now();
    CertificateBuilder builder =
        new CertificateBuilder()
            .subject("CN=" + name)
            .addSanDnsName(name)
            .notBefore(now.minus(Duration.ofDays(10)))
            .notAfter(now.plus(Duration.ofDays(expired ? -1 : 10)));
    return issuer == null
        ? builder.setIsCertificateAuthority(true).buildSelfSigned()
        : builder.buildIssuedBy(issuer);
  }

  /// Serves TLS and counts what is told inside it; 0 too where the handshake comes to nothing.
  private static void listen(RawHttp2Server.Peer peer, X509Bundle bundle, AtomicInteger heard)
      throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(bundle.toKeyManagerFactory().getKeyManagers(), null, null);
      SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(peer.socket(), "localhost", 0, true);
      socket.setUseClientMode(false);
      byte[] buffer = new byte[4096];
      int read = socket.getInputStream().read(buffer);
      if (read > 0) {
        assertThat(new String(buffer, 0, read, US_ASCII)).contains(PoolBed.KEY);
        heard.addAndGet(read);
      }
      socket.close();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {413, 429})
  void anAnswerBeforeTheRequestWasReadIsNotLostToAReset(int status) throws Exception {
    String answer = "HTTP/1.1 " + status + " No\r\ncontent-length: 2\r\n\r\nno";
    for (int i = 0; i < 20; i++) {
      try (RawHttp2Server server =
              new RawHttp2Server((peer, _) -> {
                readHead(peer);
                peer.text(answer);
              });
          PoolBed bed = new PoolBed(Plan.http1(server.port()))) {
        Reply reply = bed.start(20 << 20);
        assertThat(reply.await()).isEqualTo("no");
        assertThat(reply.status).isEqualTo(status);
      }
    }
  }

  @Test
  void aConnectionIsNotUsedAgainBeforeItsRequestWasRead() throws Exception {
    try (RawHttp2Server server =
            new RawHttp2Server((peer, n) -> {
              readHead(peer);
              peer.text(ANSWER);
              if (n == 0) {
                Thread.sleep(5000);
              }
              peer.in().readNBytes(2);
            });
        PoolBed bed = new PoolBed(Plan.http1(server.port()))) {
      Reply early = bed.start(30 << 20);
      assertThat(early.await()).isEqualTo("ok");
      assertThat(bed.ask()).isEqualTo("ok");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void aRequestIsWrittenWhenTheKernelHasItsLastByte() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    int bytes = 30 << 20;
    try (RawHttp2Server server =
            new RawHttp2Server((peer, _) -> {
              readHead(peer);
              read.await();
              peer.in().readNBytes(bytes);
              peer.socket().getInputStream().read();
            });
        PoolBed bed = new PoolBed(Plan.http1(server.port()))) {
      Reply large = bed.start(bytes);
      PoolBed.until("connected", () -> server.connections() == 1);
      Thread.sleep(100);
      assertThat(bed.isWritten(large)).isFalse();
      read.countDown();
      PoolBed.until("written", () -> bed.isWritten(large));
    }
  }
}
