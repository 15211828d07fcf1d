package io.llmproxy.proxy.observe;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.async.AsyncLoggerConfig;
import org.apache.logging.log4j.core.async.AsyncLoggerConfigDelegate;
import org.apache.logging.log4j.core.async.AsyncLoggerConfigDisruptor;
import org.apache.logging.log4j.core.async.EventRoute;
import org.apache.logging.log4j.core.impl.LogEventFactory;
import org.apache.logging.log4j.core.jmx.RingBufferAdmin;

/// log4j2's ring between those who log and the log's thread, save that a full one loses the event,
/// whatever its level, and counts it: an event loop never waits for a log.
final class LogQueue implements AsyncLoggerConfigDelegate {

  private final AsyncLoggerConfigDisruptor ring;
  private final AtomicLong lost;

  LogQueue(AsyncLoggerConfigDisruptor ring, AtomicLong lost) {
    this.ring = ring;
    this.lost = lost;
  }

  @Override
  public EventRoute getEventRoute(Level level) {
    lost.incrementAndGet();
    return EventRoute.DISCARD;
  }

  @Override
  public boolean tryEnqueue(LogEvent event, AsyncLoggerConfig logger) {
    return ring.isStarted() && ring.tryEnqueue(event, logger);
  }

  @Override
  public void enqueueEvent(LogEvent event, AsyncLoggerConfig logger) {
    if (!tryEnqueue(event, logger)) {
      lost.incrementAndGet();
    }
  }

  @Override
  public void setLogEventFactory(LogEventFactory factory) {
    ring.setLogEventFactory(factory);
  }

  @Override
  public RingBufferAdmin createRingBufferAdmin(String contextName, String loggerName) {
    return ring.createRingBufferAdmin(contextName, loggerName);
  }
}
