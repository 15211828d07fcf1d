package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a provider sends in the place of an answer takes little memory, however much of it there
/// is. Providers and callers have no buffers of Netty's here: those there are, are the proxy's.
@Timeout(120)
final class UselessRepliesIT {

  private static final int STREAMS = 16;
  private static final long MOST_BYTES_A_STREAM = 1 << 20;
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String STREAM = OK + "content-type: text/event-stream\r\n";
  private static final String CHUNKED = STREAM + "transfer-encoding: chunked\r\n\r\n";
  private static final String NO_TEXT =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\u00ff\u00c0\u0080\"}}]}\n\n";

  /// What comes instead, a head and then one piece again and again.
  enum Reply {
    A_PAGE(OK + "content-type: text/html\r\ncontent-length: 200000\r\n\r\n", "<br>\n", 40_000),
    NOTHING(STREAM + "content-length: 0\r\n\r\n", "", 0),
    /// 64 MiB in 64 KiB.
    A_BOMB(STREAM + "content-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n", bomb(), 1),
    A_HEAD_WITHOUT_END(OK, "x-filler: " + "y".repeat(1000) + "\r\n", 20_000),
    NO_UTF_8(CHUNKED, chunk(NO_TEXT.repeat(50)), 2_000),
    LESS_THAN_ANNOUNCED(STREAM + "content-length: 99999999\r\n\r\n", NO_TEXT, 20_000),
    A_CHUNK_WITHOUT_END(CHUNKED, "f".repeat(5000), 2_000);

    private final String head;
    private final String piece;
    private final int pieces;

    Reply(String head, String piece, int pieces) {
      this.head = head;
      this.piece = piece;
      this.pieces = pieces;
    }
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private static String bomb() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        gzip.write(zeros);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return chunk(bytes.toString(ISO_8859_1));
  }

  @ParameterizedTest
  @EnumSource(Reply.class)
  void takesLittleMemoryAndIsNeverAnAnswer(Reply reply) throws Exception {
    try (RawProvider provider = new RawProvider();
        ProxyBed bed = new ProxyBed(ProxyBed.Plan.of(Wire.H1).withOthers(yaml(provider)))) {
      provider.script((line, _) -> {
        line.readRequest();
        line.write(reply.head);
        for (int i = 0; i < reply.pieces; i++) {
          line.write(reply.piece);
        }
      });
      Ask ask = Ask.of("raw/m", true);
      bed.ask(Wire.H1, ask);
      long before = used();
      AtomicLong most = new AtomicLong();
      Thread watch = watch(most);
      List<Answer> answers = bed.askAtOnce(STREAMS, ask);
      watch.interrupt();
      watch.join();
      for (Answer answer : answers) {
        assertNoAnswer(answer);
      }
      long each = (most.get() - before) / STREAMS;
      System.out.println("useless: " + reply + " takes " + each / 1024 + " KiB a stream at most");
      assertThat(each).as("bytes a stream").isLessThan(MOST_BYTES_A_STREAM);
      bed.assertAtRest();
    }
  }

  private static String yaml(RawProvider provider) {
    return "    raw: {type: openai, api_key: k, base_url: \"" + provider.baseUrl() + "\"}\n";
  }

  private static void assertNoAnswer(Answer answer) throws IOException {
    if (answer.status() == 200) {
      Refusals.assertBrokenOff(answer, Ask.CHAT);
    } else {
      assertThat(answer.status()).isEqualTo(502);
    }
  }

  /// Notes the most memory of the allocator's, all the time.
  private static Thread watch(AtomicLong most) {
    return Thread.ofPlatform()
        .start(() -> {
          while (!Thread.interrupted()) {
            most.accumulateAndGet(used(), Math::max);
          }
        });
  }

  private static long used() {
    ByteBufAllocatorMetric metric =
        ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }
}
