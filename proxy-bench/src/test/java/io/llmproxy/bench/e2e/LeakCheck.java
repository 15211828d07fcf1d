package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Fails a test class during which Netty reported a buffer, or anything else it tracks, that was
/// lost without being released. Found by service loading, so that it stands before Netty's first
/// buffer.
public final class LeakCheck implements AfterAllCallback {

  private static final List<String> REPORTS = new CopyOnWriteArrayList<>();

  static {
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  private static final class Factory extends ResourceLeakDetectorFactory {
    @Override
    @Deprecated
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return new Recording<>(resource, samplingInterval);
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval) {
      return new Recording<>(resource, samplingInterval);
    }
  }

  private static final class Recording<T> extends ResourceLeakDetector<T> {
    Recording(Class<?> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resource, String records) {
      REPORTS.add(resource + records);
    }

    @Override
    protected void reportUntracedLeak(String resource) {
      REPORTS.add(resource);
    }
  }

  /// Lets the collector find what was lost, and fails if that is anything.
  static void assertNone() throws InterruptedException {
    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    System.gc();
    // References are queued by a thread of the collector's own, right behind it.
    Thread.sleep(20);
    // A detector looks for what was lost when it is given something new to track.
    ByteBufAllocator.DEFAULT.directBuffer(1).release();
    List<String> reports = List.copyOf(REPORTS);
    REPORTS.clear();
    assertThat(reports).as("leaks reported by Netty").isEmpty();
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    assertNone();
  }
}
