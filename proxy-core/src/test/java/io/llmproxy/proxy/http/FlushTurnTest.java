package io.llmproxy.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FlushTurnTest {

  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final FlushTurn turn = new FlushTurn(loop);

  @AfterEach
  void end() {
    loop.shutdownGracefully();
  }

  @Test
  void aConnectionThatFailsLeavesNoOtherUnflushed() {
    AtomicInteger flushed = new AtomicInteger();
    for (int round = 1; round <= 3; round++) {
      loop.submit(
              () -> {
                turn.add(() -> {
                  throw new IllegalStateException("cannot be flushed");
                });
                turn.add(flushed::incrementAndGet);
              })
          .syncUninterruptibly();
      loop.submit(() -> {}).syncUninterruptibly();
      assertThat(flushed).hasValue(round);
    }
  }
}
