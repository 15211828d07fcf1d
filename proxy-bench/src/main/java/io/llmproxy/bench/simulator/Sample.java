package io.llmproxy.bench.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A recorded answer.
///
/// @param records the records of a stream; empty for a body that is sent whole
/// @param fields names and values of its head; empty where the provider's own are to be sent
record Sample(int status, List<CharSequence> fields, String body, List<String> records) {

  /// Reads a recorded answer by its name without its ending.
  ///
  /// @throws IllegalArgumentException if there is none of that name
  static Sample named(String name) {
    String stream = text(name + ".txt");
    if (stream != null) {
      return new Sample(200, List.of(), stream, records(stream));
    }
    String json = text(name + ".json");
    if (json != null) {
      return new Sample(200, List.of(), json, List.of());
    }
    String http = text(name + ".http");
    if (http != null) {
      return parse(http);
    }
    throw new IllegalArgumentException("script: no sample is named " + name);
  }

  static @Nullable String text(String file) {
    if (file.indexOf('/') >= 0) {
      return null;
    }
    try (InputStream in = Sample.class.getResourceAsStream("samples/" + file)) {
      return in == null ? null : new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Cuts after each blank line, whichever way its lines end; nothing is lost.
  private static List<String> records(String stream) {
    List<String> records = new ArrayList<>();
    int from = 0;
    while (from < stream.length()) {
      int lf = stream.indexOf("\n\n", from);
      int crlf = stream.indexOf("\r\n\r\n", from);
      int end = lf < 0 ? stream.length() : lf + 2;
      end = crlf < 0 ? end : Math.min(end, crlf + 4);
      records.add(stream.substring(from, end));
      from = end;
    }
    return records;
  }

  private static Sample parse(String http) {
    int blank = http.indexOf("\r\n\r\n");
    String[] lines = http.substring(0, blank).split("\r\n", -1);
    List<CharSequence> fields = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      String name = lines[i].substring(0, colon);
      if (!name.equals("content-length")) {
        fields.add(name);
        fields.add(lines[i].substring(colon + 1).strip());
      }
    }
    int status = Integer.parseInt(lines[0].substring(9, 12));
    return new Sample(status, fields, http.substring(blank + 4), List.of());
  }
}
