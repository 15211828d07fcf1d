package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Fails a class of tests in which a buffer was lost.
final class LeakWatch implements AfterAllCallback {

  private final Queue<String> leaks = new ConcurrentLinkedQueue<>();
  private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();

  /// Watches from here on: what a class begins in its constructor comes before any callback.
  LeakWatch() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ByteBufUtil.setLeakListener((_, records) -> leaks.add(records));
  }

  /// A leak is reported when a buffer is made after its loss was noticed.
  @Override
  public void afterAll(ExtensionContext context) {
    for (int i = 0; i < 5; i++) {
      System.gc();
      Unpooled.directBuffer(16).release();
    }
    ByteBufUtil.setLeakListener(null);
    ResourceLeakDetector.setLevel(before);
    assertThat(leaks).isEmpty();
  }
}
