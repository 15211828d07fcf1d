package io.llmproxy.proxy.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A name server that answers every question for IPv4 with the same addresses, or not at all.
final class DnsServer implements AutoCloseable {

  /// How it behaves.
  enum Mood {
    ANSWERING,
    SILENT,
    NAME_UNKNOWN
  }

  private final DatagramSocket socket;
  private final List<String> addresses;
  private final AtomicInteger questions = new AtomicInteger();
  volatile Mood mood = Mood.ANSWERING;

  DnsServer(String... addresses) throws IOException {
    this.addresses = List.of(addresses);
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::serve);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  int questions() {
    return questions.get();
  }

  private void serve() {
    byte[] buffer = new byte[512];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        questions.incrementAndGet();
        if (mood != Mood.SILENT) {
          byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
          socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      }
    } catch (IOException _) {
      // closed
    }
  }

  /// RFC 1035 section 4: the question again, then a record of TTL 0 for each address.
  private byte[] answer(byte[] query) throws IOException {
    int end = 12;
    while (query[end] != 0) {
      end += query[end] + 1;
    }
    boolean ipv4 = ByteBuffer.wrap(query).getShort(end + 1) == 1;
    boolean known = mood == Mood.ANSWERING;
    int count = known && ipv4 ? addresses.size() : 0;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(query, 0, 2);
    out.writeBytes(new byte[] {(byte) 0x84, (byte) (known ? 0 : 3), 0, 1, 0, (byte) count});
    out.writeBytes(new byte[4]);
    out.write(query, 12, end + 5 - 12);
    for (int i = 0; i < count; i++) {
      out.writeBytes(new byte[] {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4});
      out.writeBytes(InetAddress.getByName(addresses.get(i)).getAddress());
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    socket.close();
  }
}
