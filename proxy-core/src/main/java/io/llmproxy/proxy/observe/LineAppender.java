package io.llmproxy.proxy.observe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/// Gathers lines and writes them with one call when it holds many or the log's thread has no more.
/// Lines that cannot be written are lost and counted.
final class LineAppender extends AbstractAppender {

  private static final int GATHERED_BYTES = 32 * 1024;

  private final LineFormat format;
  private final OutputStream target;
  private final AtomicLong lost;
  private final Lines lines = new Lines();

  /// Takes `target`: it is closed when the appender stops.
  LineAppender(String name, LineFormat format, OutputStream target, AtomicLong lost) {
    super(name, null, null, true, Property.EMPTY_ARRAY);
    this.format = format;
    this.target = target;
    this.lost = lost;
  }

  @Override
  public synchronized void append(LogEvent event) {
    int before = lines.size();
    try {
      format.write(event, lines);
      lines.endLine();
    } catch (IOException | RuntimeException e) {
      lines.truncate(before);
      lost.incrementAndGet();
      error("a line of the log could not be rendered", event, e);
    }
    if (lines.size() >= GATHERED_BYTES) {
      flush();
    }
  }

  synchronized void flush() {
    if (lines.size() == 0) {
      return;
    }
    try {
      lines.writeTo(target);
      target.flush();
    } catch (IOException e) {
      lost.addAndGet(lines.count());
      error("the log could not be written", e);
    }
    lines.reset();
  }

  @Override
  public synchronized boolean stop(long timeout, TimeUnit unit) {
    setStopping();
    flush();
    try {
      target.close();
    } catch (IOException e) {
      error("the log could not be closed", e);
    }
    setStopped();
    return true;
  }

  /// Bytes of whole lines, and how many lines they are.
  private static final class Lines extends ByteArrayOutputStream {

    private int lineCount;

    Lines() {
      super(2 * GATHERED_BYTES);
    }

    synchronized void endLine() {
      write('\n');
      lineCount++;
    }

    synchronized void truncate(int size) {
      count = size;
    }

    synchronized int count() {
      return lineCount;
    }

    @Override
    public synchronized void reset() {
      super.reset();
      lineCount = 0;
    }

    /// Closing a generator over the buffer ends a line, not the buffer.
    @Override
    public void close() {}
  }
}
