package io.llmproxy.proxy.observe;

import io.llmproxy.proxy.config.Settings.LoggingSettings;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.Log4J2LoggerFactory;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;

/// The process's logs: the application's own to standard error, the requests' to standard output or
/// a file. Both are written by one thread of the log; those who log never wait for it.
public final class Logging {

  private static final int FLUSH_SECONDS = 5;

  private final LoggerContext log4j;
  private final LogConfiguration configuration;
  private final AtomicLong lost;

  private Logging(LoggingSettings settings, OutputStream application, OutputStream requests) {
    lost = new AtomicLong();
    LineFormat format =
        switch (settings.format()) {
          case JSON -> LineFormat::json;
          case TEXT -> LineFormat::text;
        };
    configuration =
        new LogConfiguration(
            Level.toLevel(settings.level(), Level.INFO),
            new LineAppender("application", format, application, lost),
            new LineAppender("requests", LineFormat::request, requests, lost),
            lost);
    log4j = Configurator.initialize(configuration);
    if (!log4j.getConfiguration().equals(configuration)) {
      log4j.start(configuration);
    }
    InternalLoggerFactory.setDefaultFactory(Log4J2LoggerFactory.INSTANCE);
  }

  /// Sets the logs up, in place of any before. To be called before anything logs.
  ///
  /// @throws IOException where the file cannot be opened for writing
  public static Logging configure(LoggingSettings settings) throws IOException {
    String file = settings.file();
    OutputStream requests =
        file == null ? standard(FileDescriptor.out) : new FileOutputStream(file, true);
    return configure(settings, standard(FileDescriptor.err), requests);
  }

  /// Takes both streams.
  static Logging configure(
      LoggingSettings settings, OutputStream application, OutputStream requests) {
    return new Logging(settings, application, requests);
  }

  /// Lines lost since the start, because the log was full or could not be written. Any thread.
  public long dropped() {
    return lost.get();
  }

  /// Writes what is still to be written, for some seconds at most, and ends the logs. What is
  /// logged later is lost.
  public void stop() {
    if (log4j.getConfiguration().equals(configuration)) {
      Configurator.shutdown(log4j, FLUSH_SECONDS, TimeUnit.SECONDS);
    }
  }

  /// Without a buffer, and never closed.
  private static OutputStream standard(FileDescriptor descriptor) {
    return new FileOutputStream(descriptor) {
      @Override
      public void close() {}
    };
  }
}
