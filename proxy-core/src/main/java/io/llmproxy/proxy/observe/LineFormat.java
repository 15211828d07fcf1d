package io.llmproxy.proxy.observe;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.logging.log4j.core.LogEvent;
import org.jspecify.annotations.Nullable;

/// How a log event becomes one line, written without its end.
interface LineFormat {

  void write(LogEvent event, OutputStream target) throws IOException;

  /// In characters: a chain of causes can be longer than anybody reads.
  int LONGEST_TRACE = 16 * 1024;

  /// The request log's.
  static void request(LogEvent event, OutputStream target) throws IOException {
    if (event.getMessage() instanceof RequestMessage message) {
      try (JsonGenerator json = JsonText.generator(target)) {
        RequestLine.write(message.report(), event.getTimeMillis(), json);
      }
    } else {
      json(event, target);
    }
  }

  /// One JSON object with ECS field names.
  static void json(LogEvent event, OutputStream target) throws IOException {
    try (JsonGenerator json = JsonText.generator(target)) {
      json.writeStartObject();
      json.writeStringField("@timestamp", Timestamps.iso(event.getTimeMillis()));
      json.writeStringField("log.level", event.getLevel().name());
      json.writeStringField("message", event.getMessage().getFormattedMessage());
      json.writeStringField("ecs.version", "1.2.0");
      json.writeStringField("log.logger", event.getLoggerName());
      json.writeStringField("process.thread.name", event.getThreadName());
      Throwable thrown = event.getThrown();
      if (thrown != null) {
        json.writeStringField("error.type", thrown.getClass().getName());
        json.writeStringField("error.message", thrown.getMessage());
        json.writeStringField("error.stack_trace", trace(thrown));
      }
      json.writeEndObject();
    }
  }

  /// Time, level, thread, logger and message; a stack trace follows in lines of its own.
  static void text(LogEvent event, OutputStream target) throws IOException {
    var line = new StringBuilder(160);
    line.append(Timestamps.iso(event.getTimeMillis()))
        .append(String.format(Locale.ROOT, " %-5s [", event.getLevel().name()));
    appendPrintable(event.getThreadName(), line);
    line.append("] ").append(event.getLoggerName()).append(": ");
    appendPrintable(event.getMessage().getFormattedMessage(), line);
    Throwable thrown = event.getThrown();
    if (thrown != null) {
      trace(thrown)
          .lines()
          .forEach(traced -> {
            line.append('\n').append("    ");
            appendPrintable(traced, line);
          });
    }
    target.write(line.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String trace(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    StringBuffer trace = text.getBuffer();
    trace.setLength(Math.min(trace.length(), LONGEST_TRACE));
    return trace.toString();
  }

  /// What a terminal would obey rather than show is written as its number, so that a name that
  /// callers choose can neither forge a line nor move the cursor.
  private static void appendPrintable(@Nullable String text, StringBuilder line) {
    if (text == null) {
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPrintable(c)) {
        line.append(c);
      } else {
        line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
  }

  private static boolean isPrintable(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          c == '\t';
      default -> true;
    };
  }
}
