package io.llmproxy.provider.wire;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// Counts what a piece of code allocates.
final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  /// The bytes that a thousand runs of `code` allocate on this thread.
  static long bytesOf(Runnable code) {
    // What is allocated once, when code runs for the first time, is not its own.
    bytes(code);
    return bytes(code);
  }

  private static long bytes(Runnable code) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1000; i++) {
      code.run();
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
