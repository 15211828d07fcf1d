package io.llmproxy.bench.micro;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What the measured thread itself allocates, where others of its process work for it.
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class OwnHeap {
  static final String BYTES = "bytes";
  static final String OPERATIONS = "operations";

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// Allocated in an iteration.
  public long bytes;

  /// Of the same iteration.
  public long operations;

  /// How much this thread has ever allocated, in bytes.
  long now() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }
}
