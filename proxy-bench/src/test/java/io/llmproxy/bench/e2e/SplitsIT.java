package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.provider.api.Plan;
import io.llmproxy.provider.wire.ReplyReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Streams of every provider, as callers of every dialect ask for them, that arrive in two pieces,
/// split at every byte, or in pieces of a byte: what is given on is the same to the byte, and so is
/// what was learned of it.
@Timeout(240)
final class SplitsIT {

  /// Without leak detection, which would take most of the time.
  private static final ByteBufAllocator BUFFERS = new UnpooledByteBufAllocator(false, true);

  private static final String WORDS = "Grüße, 世界 🎉\\n";
  private static final String CHAT =
      """
      data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"%s"}}]}\r
      \r
      data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

      data: [DONE]

      """
          .formatted(WORDS);

  private static ProxyBed bed;
  private static int streams;
  private static long splits;

  @BeforeAll
  static void start() throws IOException {
    bed = ProxyBed.of(Wire.H1);
  }

  @AfterAll
  static void stop() {
    bed.close();
    System.out.println("splits: " + streams + " streams, " + splits + " splits");
    assertThat(streams).as("streams split").isGreaterThanOrEqualTo(75);
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void aStreamInTwoPiecesIsTheSame(SimulatedProvider provider) throws Exception {
    streams += RecordedStreams.each(bed, provider, RecordedStreams.SCRIPTS, SplitsIT::split);
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  @Tag("long")
  void aHundredAndThirtyFiveMoreAre(SimulatedProvider provider) throws Exception {
    streams += RecordedStreams.each(bed, provider, RecordedStreams.MORE_SCRIPTS, SplitsIT::split);
  }

  private static void split(String name, Plan.Ask ask, byte[] stream) {
    ByteBuf whole = Unpooled.buffer();
    String learned = read(ask, stream, stream.length, stream.length, whole);
    assertThat(whole.isReadable()).as(name).isTrue();
    ByteBuf again = Unpooled.buffer(whole.readableBytes() + 1);
    for (int at = 1; at < stream.length; at++) {
      again.clear();
      String split = read(ask, stream, at, stream.length, again);
      if (!whole.equals(again) || !split.equals(learned)) {
        String place = name + " split at " + at;
        assertThat(again.toString(UTF_8)).as(place).isEqualTo(whole.toString(UTF_8));
        assertThat(split).as(place).isEqualTo(learned);
      }
      splits++;
    }
    again.clear();
    assertThat(read(ask, stream, 1, 1, again)).as(name).isEqualTo(learned);
    assertThat(again.toString(UTF_8)).as(name).isEqualTo(whole.toString(UTF_8));
  }

  /// Reads `stream` in pieces: one of `first` bytes, then such of `next`; gives what was learned.
  private static String read(Plan.Ask ask, byte[] stream, int first, int next, ByteBuf out) {
    ReplyReader reader = ask.replies().reader(true, true, BUFFERS, "r", 1);
    int at = 0;
    for (int size = first; at < stream.length; size = next) {
      int bytes = Math.min(size, stream.length - at);
      reader.read(Unpooled.wrappedBuffer(stream, at, bytes), part -> take(part, out));
      at += bytes;
    }
    reader.finish(part -> take(part, out));
    String learned =
        reader.isComplete()
            + " "
            + reader.hasContent()
            + " "
            + reader.hasError()
            + " "
            + reader.usage()
            + " "
            + reader.usageSource()
            + " "
            + reader.billing();
    reader.release();
    return learned;
  }

  private static void take(ByteBuf part, ByteBuf out) {
    out.writeBytes(part);
    part.release();
  }

  @Test
  void aReplyIsTheSameWhereverItsBytesAreSplitOnTheSocket() throws Exception {
    byte[] reply = chunked(CHAT, 61);
    String yaml =
        """
            raw:
              type: openai
              api_key: k
              base_url: "BASE"
        """;
    try (RawProvider provider = new RawProvider();
        ProxyBed raw =
            new ProxyBed(
                ProxyBed.Plan.of(Wire.H1).withOthers(yaml.replace("BASE", provider.baseUrl())))) {
      AtomicInteger split = new AtomicInteger();
      provider.script((line, _) -> {
        while (line.readRequest()) {
          line.writeSplit(reply, split.get());
        }
      });
      try (Http1Caller caller = new Http1Caller(raw.address())) {
        for (int at = 0; at < reply.length; at++) {
          split.set(at);
          Answer answer = caller.send(Ask.of("raw/m", true));
          assertThat(answer.text()).as("split at " + at).isEqualTo(CHAT);
          assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
        }
      }
    }
  }

  /// A reply whose body is in chunks of `size` bytes.
  private static byte[] chunked(String body, int size) {
    byte[] bytes = body.getBytes(UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
            .getBytes(UTF_8));
    for (int at = 0; at < bytes.length; at += size) {
      int count = Math.min(size, bytes.length - at);
      out.writeBytes((Integer.toHexString(count) + "\r\n").getBytes(UTF_8));
      out.write(bytes, at, count);
      out.writeBytes("\r\n".getBytes(UTF_8));
    }
    out.writeBytes("0\r\n\r\n".getBytes(UTF_8));
    return out.toByteArray();
  }
}
