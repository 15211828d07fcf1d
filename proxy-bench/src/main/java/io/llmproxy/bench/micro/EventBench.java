package io.llmproxy.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What one event of a stream costs on its way through, each in a part of its own and given away at
/// once. What a stream costs once is spread over its [#EVENTS].
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, then calls setUp
public class EventBench {
  /// Events of one stream; a power of two.
  static final int EVENTS = 8192;

  @Param public ReplyPath path;
  @Param public EventKind kind;

  private final PartSink sink = this::take;
  private ByteBuf opening;
  private ByteBuf[] deltas;
  private long bytesOut;

  @Setup
  public void setUp() {
    opening = direct(path.stream().opening(kind));
    List<String> pieces = kind.pieces();
    deltas = new ByteBuf[pieces.size()];
    for (int i = 0; i < deltas.length; i++) {
      deltas[i] = direct(path.stream().delta(kind, pieces.get(i)));
    }
  }

  @TearDown
  public void tearDown() {
    opening.release();
    for (ByteBuf delta : deltas) {
      delta.release();
    }
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long event() {
    return stream(EVENTS);
  }

  /// How many bytes the callers were given once a stream of `events` was read too.
  long stream(int events) {
    ReplyReader reader = path.reader();
    read(reader, opening);
    ByteBuf[] parts = deltas;
    for (int i = 0; i < events; i++) {
      read(reader, parts[i & (parts.length - 1)]);
    }
    reader.release();
    return bytesOut;
  }

  private void read(ReplyReader reader, ByteBuf part) {
    reader.read(part.setIndex(0, part.capacity()).retain(), sink);
  }

  private void take(ByteBuf part) {
    bytesOut += part.readableBytes();
    part.release();
  }

  private static ByteBuf direct(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return ByteBufAllocator.DEFAULT.directBuffer(bytes.length, bytes.length).writeBytes(bytes);
  }
}
