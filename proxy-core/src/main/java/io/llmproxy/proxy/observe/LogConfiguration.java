package io.llmproxy.proxy.observe;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.async.AsyncLoggerConfig;
import org.apache.logging.log4j.core.async.AsyncLoggerConfigDelegate;
import org.apache.logging.log4j.core.async.AsyncLoggerConfigDisruptor;
import org.apache.logging.log4j.core.config.AbstractConfiguration;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.jspecify.annotations.Nullable;

/// log4j2's configuration, built without its plugins: reading their tables and annotations is what
/// makes the usual configurations slow to start.
final class LogConfiguration extends AbstractConfiguration {

  private static final String NETTY = "io.netty";
  private static final String FRAMES = "io.netty.handler.codec.http2";
  private static final String LETTUCE = "io.lettuce";

  private final Level level;
  private final LineAppender application;
  private final LineAppender requests;
  private final AtomicLong lost;
  private @Nullable LogQueue queue;

  /// Takes the appenders. They count in `lost` too.
  LogConfiguration(Level level, LineAppender application, LineAppender requests, AtomicLong lost) {
    super((@Nullable LoggerContext) null, ConfigurationSource.NULL_SOURCE);
    this.level = level;
    this.application = application;
    this.requests = requests;
    this.lost = lost;
    isShutdownHookEnabled = false;
  }

  @Override
  public void initialize() {
    // Else log4j2 looks the machine's name up, which may ask a name server.
    getProperties().put("hostName", "unused");
    addAppender(application);
    addAppender(requests);
    add("", level, application);
    // Netty explains its every choice at DEBUG; that helps only who debugs Netty.
    add(NETTY, level.equals(Level.DEBUG) ? Level.INFO : level, application);
    // At INFO it tells of single frames: a caller could fill the log with them.
    add(FRAMES, Level.WARN.isMoreSpecificThan(level) ? Level.WARN : level, application);
    // Lettuce writes each command out at TRACE, the password among them.
    add(LETTUCE, level.isMoreSpecificThan(Level.INFO) ? level : Level.INFO, application);
    add(RequestLog.LOGGER, Level.INFO, requests);
    setState(State.INITIALIZED);
  }

  private void add(String name, Level least, LineAppender appender) {
    var logger = new BatchedLogger(name, least, this);
    logger.addAppender(appender, null, null);
    addLogger(name, logger);
  }

  @Override
  public AsyncLoggerConfigDelegate getAsyncLoggerConfigDelegate() {
    LogQueue found = queue;
    if (found == null) {
      // The superclass starts and stops this ring as its own.
      found = new LogQueue((AsyncLoggerConfigDisruptor) super.getAsyncLoggerConfigDelegate(), lost);
      queue = found;
    }
    return found;
  }

  private void flush() {
    requests.flush();
    application.flush();
  }

  /// A logger whose events end a batch of both appenders, since they share one ring.
  private static final class BatchedLogger extends AsyncLoggerConfig {

    private final LogConfiguration owner;

    BatchedLogger(String name, Level least, LogConfiguration owner) {
      super(name, List.of(), null, least, false, null, owner, false);
      this.owner = owner;
    }

    @Override
    protected void callAppenders(LogEvent event) {
      super.callAppenders(event);
      if (event.isEndOfBatch()) {
        owner.flush();
      }
    }
  }
}
