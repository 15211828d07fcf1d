package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.sdk.LabCertificate;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Garbage on the port, drawn from a seed: refused, or waited for; nothing of it is logged, and who
/// asks afterwards is answered. The proxy is a process of its own, whose log would have what nobody
/// caught and what leaked.
@Timeout(3600)
final class GarbageIT {

  private static final int INPUTS = Boolean.getBoolean("long") ? 800_000 : 4_000;
  private static final int CALLERS = 64;
  private static final int HANDSHAKES = 10;
  private static final byte TLS_ALERT = 0x15;
  private static final byte TLS_HANDSHAKE = 0x16;

  private static final int LONG_PATIENCE_MILLIS = 10_000;

  /// What is not answered by then is taken for the beginning of something.
  private static final int PATIENCE_MILLIS = 25;

  private static final List<String> FLAGS =
      List.of("-XX:TieredStopAtLevel=1", "-Xmx128m", "-Dio.netty.leakDetection.level=advanced");

  /// Stands for a connection that ended without a word.
  private static final byte[] ENDED = new byte[0];

  private final Map<String, LongAdder> replies = new ConcurrentSkipListMap<>();
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

  @TempDir private Path dir;

  @Test
  void garbageInClearTextHarmsNobody() throws Exception {
    try (ProxyProcess proxy = new ProxyProcess("", FLAGS)) {
      send(proxy, false, INPUTS);
      assertThat(replies).doesNotContainKey("500");
      for (String head : List.of("GET / HTTP/9.9\r\n\r\n", "*\r\n\r\n", "\0\1\2\r\n\r\n")) {
        assertThat(told(proxy, head.getBytes(ISO_8859_1), false)).as(head).isIn("400", "505");
      }
      byte[] frames = Http2Bytes.begin().frame(Http2Bytes.SETTINGS, 0, 3, new byte[5]).bytes();
      assertThat(told(proxy, frames, false)).isEqualTo("GOAWAY");
      for (Wire wire : Wire.values()) {
        try (Caller caller = wire.open(proxy.address())) {
          Answer answer = caller.send(Ask.of("openai/sim-events=3", true));
          assertThat(answer.text()).endsWith("[DONE]\n\n");
        }
      }
      assertThat(proxy.log()).hasSize(0);
    }
  }

  @Test
  void garbageOnThePortOfTlsHarmsNobody() throws Exception {
    String tls = "  " + LabCertificate.in(dir).yaml() + "\n";
    try (ProxyProcess proxy = new ProxyProcess(tls, FLAGS)) {
      send(proxy, true, INPUTS / 4);
      byte[] clear = "GET / HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1);
      assertThat(told(proxy, clear, true)).isIn("alert", "end");
      for (int i = 0; i < HANDSHAKES; i++) {
        garbleAfterHandshake(proxy, i % 2 == 0 ? "h2" : "http/1.1");
      }
      try (KeptConnections good =
          new KeptConnections(
              proxy.address(),
              false,
              IdleConnectionsIT.client(false),
              Ask.of("openai/sim-events=3", true))) {
        good.open(5);
      }
      assertThat(proxy.log()).hasSize(0);
    }
  }

  /// Agrees on TLS and on a protocol, and then sends what is no TLS.
  private static void garbleAfterHandshake(ProxyProcess proxy, String protocol) throws Exception {
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    try (Socket plain = new Socket()) {
      plain.connect(proxy.address());
      plain.setSoTimeout(LONG_PATIENCE_MILLIS);
      SSLSocket tls =
          (SSLSocket) trusting.getSocketFactory().createSocket(plain, "localhost", 443, false);
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {protocol});
      tls.setSSLParameters(parameters);
      tls.startHandshake();
      if (protocol.equals("h2")) {
        assertThat(tls.getInputStream().read()).as("of its settings").isNotNegative();
      }
      plain.getOutputStream().write("\1\2\3 this is no record of TLS".getBytes(ISO_8859_1));
      try {
        assertThat(plain.getInputStream().readAllBytes()).as("the end of it").isNotNull();
      } catch (SocketException _) {
        // a reset ends it as well
      }
    }
  }

  private void send(ProxyProcess proxy, boolean tls, int inputs) throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("garbage: -Dseed=" + seed);
    Garbage garbage = new Garbage(seed, tls);
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> callers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CALLERS; i++) {
        callers.add(
            threads.submit(() -> {
              for (int n = next.getAndIncrement(); n < inputs; n = next.getAndIncrement()) {
                byte[] reply = reply(proxy.address(), garbage.input(n), PATIENCE_MILLIS);
                note(n, kind(reply, tls), reply);
              }
              return null;
            }));
      }
      for (Future<?> caller : callers) {
        caller.get();
      }
    }
    System.out.println("garbage: " + inputs + " inputs: " + new TreeMap<>(replies));
    assertThat(wrong).as("seed " + seed).isEmpty();
  }

  private void note(int number, String kind, byte[] reply) {
    replies.computeIfAbsent(kind, _ -> new LongAdder()).increment();
    if (kind.equals("other") && wrong.size() < 10) {
      wrong.add(number + ": " + new String(reply, ISO_8859_1));
    }
  }

  /// What comes of an input that is wrong beyond doubt.
  private static String told(ProxyProcess proxy, byte[] input, boolean tls) throws IOException {
    return kind(reply(proxy.address(), input, LONG_PATIENCE_MILLIS), tls);
  }

  /// Sends `input` and gives what came of it: until the other side ended, or said no more.
  private static byte[] reply(InetSocketAddress to, byte[] input, int patienceMillis)
      throws IOException {
    try (Socket socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.setSoLinger(true, 0);
      socket.setSoTimeout(patienceMillis);
      socket.connect(to);
      byte[] reply = new byte[2048];
      int length = 0;
      try {
        socket.getOutputStream().write(input);
        InputStream in = socket.getInputStream();
        int count = in.read(reply, 0, reply.length);
        while (count > 0) {
          length += count;
          count = in.read(reply, length, reply.length - length);
        }
        return length == 0 ? ENDED : Arrays.copyOf(reply, length);
      } catch (SocketTimeoutException _) {
        return Arrays.copyOf(reply, length);
      } catch (SocketException _) {
        return length == 0 ? ENDED : Arrays.copyOf(reply, length);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // the one that stands for an end
  private static String kind(byte[] reply, boolean tls) {
    if (reply.length == 0) {
      return reply == ENDED ? "end" : "silence";
    }
    if (tls) {
      return reply[0] == TLS_ALERT ? "alert" : reply[0] == TLS_HANDSHAKE ? "hello" : "other";
    }
    String text = new String(reply, ISO_8859_1);
    if (text.startsWith("HTTP/1.1 ")) {
      return text.matches("(?s)HTTP/1.1 [1-5][0-9][0-9] .*") ? text.substring(9, 12) : "other";
    }
    return reply.length > 3 && reply[3] == Http2Bytes.SETTINGS ? http2Kind(reply) : "other";
  }

  /// The frame that says most.
  private static String http2Kind(byte[] reply) {
    ByteBuffer in = ByteBuffer.wrap(reply);
    boolean reset = false;
    int at = 0;
    while (at + Http2Bytes.HEAD_BYTES <= reply.length) {
      int type = reply[at + 3];
      if (type == Http2Bytes.GOAWAY) {
        return "GOAWAY";
      }
      reset |= type == Http2Bytes.RST_STREAM;
      at += Http2Bytes.HEAD_BYTES + (in.getInt(at) >>> 8);
    }
    return reset ? "RST_STREAM" : "HTTP/2";
  }
}
