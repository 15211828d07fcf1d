package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

final class LeakCheckTest {

  @Test
  void seesABufferThatIsLost() throws InterruptedException {
    LeakCheck.assertNone();
    lose();
    assertThatThrownBy(LeakCheck::assertNone)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("lose");
    LeakCheck.assertNone();
  }

  private static void lose() {
    ByteBufAllocator.DEFAULT.directBuffer(64).writeLong(1);
  }
}
