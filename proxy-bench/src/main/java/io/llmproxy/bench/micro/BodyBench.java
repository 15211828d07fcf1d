package io.llmproxy.bench.micro;

import io.llmproxy.provider.api.Plan;
import io.llmproxy.provider.api.Plans;
import io.llmproxy.provider.api.ProviderModel;
import io.llmproxy.provider.api.TokenFactors;
import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.request.RequestFault;
import io.llmproxy.provider.wire.PartSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What the body of one request costs: checked while it arrives in parts of [#PART_BYTES], put to
/// its provider's model, and given away.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, then calls setUp
public class BodyBench {
  /// About what one read of a socket brings.
  static final int PART_BYTES = 16 * 1024;

  @Param public RequestPath path;

  @Param({"1024", "65536", "1048576"})
  public int bytes;

  private final PartSink sink = this::take;
  private final TokenFactors factors = new TokenFactors();
  private ProviderModel model;
  private ByteBuf whole;
  private long bytesOut;

  @Setup
  public void setUp() {
    model = path.model();
    byte[] body = Conversation.body(path.operation(), bytes);
    whole = ByteBufAllocator.DEFAULT.directBuffer(body.length, body.length).writeBytes(body);
  }

  @TearDown
  public void tearDown() {
    whole.release();
  }

  /// How many bytes the providers were given so far.
  @Benchmark
  public long body() {
    RequestBody body = RequestBody.of(path.operation());
    for (int from = 0; from < whole.capacity(); from += PART_BYTES) {
      body.add(whole.retainedSlice(from, Math.min(PART_BYTES, whole.capacity() - from)));
    }
    RequestFault fault = body.finish();
    if (fault != null) {
      throw new IllegalStateException(fault.message());
    }
    switch (Plans.of(path.operation(), body, model, factors, ByteBufAllocator.DEFAULT)) {
      case Plan.Ask ask -> {
        ask.body().emit(sink);
        ask.body().release();
      }
      case Plan.Refuse(RequestFault refusal) -> throw new IllegalStateException(refusal.message());
      case Plan.Estimate estimate -> throw new IllegalStateException("estimated: " + estimate);
    }
    body.release();
    return bytesOut;
  }

  private void take(ByteBuf part) {
    bytesOut += part.readableBytes();
    part.release();
  }
}
