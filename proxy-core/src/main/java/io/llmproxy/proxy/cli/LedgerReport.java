package io.llmproxy.proxy.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import io.llmproxy.proxy.ledger.Books;
import io.llmproxy.proxy.ledger.Books.By;
import io.llmproxy.proxy.ledger.Books.Line;
import io.llmproxy.proxy.ledger.Books.Span;
import io.llmproxy.proxy.ledger.LedgerException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Usage and cost as text: a table for people, CSV for spreadsheets, JSON for programs.
final class LedgerReport {
  private static final int NANO_DIGITS = 9;
  private static final int LAST_ASCII = 126;
  private static final List<String> COLUMNS =
      List.of(
          "requests",
          "unpriced_requests",
          "cost_usd",
          "input",
          "cached_input",
          "cache_write",
          "output",
          "reasoning");
  private static final JsonFactory JSON =
      new JsonFactoryBuilder().highestNonEscapedChar(LAST_ASCII).build();

  /// How it is written.
  enum Format {
    TABLE,
    CSV,
    JSON
  }

  private LedgerReport() {}

  static String of(Books books, Span span, By by, Format format) throws LedgerException {
    return switch (format) {
      case TABLE -> table(books.lines(by, span), books.totals(span), by);
      case CSV -> csv(books.lines(by, span), by);
      case JSON -> json(books, span);
    };
  }

  /// US dollars with nine decimals, exactly.
  static String usd(long nanoUsd) {
    return BigDecimal.valueOf(nanoUsd, NANO_DIGITS).toPlainString();
  }

  private static List<String> cells(Line line) {
    return List.of(
        String.valueOf(line.requests()),
        String.valueOf(line.unpriced()),
        usd(line.costNanoUsd()),
        String.valueOf(line.input()),
        String.valueOf(line.cachedInput()),
        String.valueOf(line.cacheWrite()),
        String.valueOf(line.output()),
        String.valueOf(line.reasoning()));
  }

  private static String table(List<Line> lines, Line totals, By by) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(row(by.name(), COLUMNS.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList()));
    lines.forEach(line -> rows.add(row(shown(line.name()), cells(line))));
    rows.add(row("total", cells(totals)));
    int[] widths = new int[COLUMNS.size() + 1];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      text.append(String.format("%-" + widths[0] + "s", row.getFirst()));
      for (int i = 1; i < widths.length; i++) {
        text.append(String.format("  %" + widths[i] + "s", row.get(i)));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static List<String> row(String name, List<String> cells) {
    List<String> row = new ArrayList<>(cells);
    row.addFirst(name);
    return row;
  }

  /// Names come from callers: what a terminal might act on, or show backwards, becomes `?`.
  private static String shown(String name) {
    return name.isEmpty() ? "-" : name.replaceAll("[^\\x20-\\x7e]", "?");
  }

  /// RFC 4180, with the line ends of it.
  private static String csv(List<Line> lines, By by) {
    StringBuilder text = new StringBuilder();
    record(text, row(by.name().toLowerCase(Locale.ROOT), COLUMNS));
    for (Line line : lines) {
      record(text, row(unarmed(line.name()), cells(line)));
    }
    return text.toString();
  }

  private static void record(StringBuilder text, List<String> cells) {
    String separator = "";
    for (String cell : cells) {
      boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
      text.append(separator).append(plain ? cell : '"' + cell.replace("\"", "\"\"") + '"');
      separator = ",";
    }
    text.append("\r\n");
  }

  /// A name that a spreadsheet would run as a formula gets an apostrophe before it.
  private static String unarmed(String name) {
    return !name.isEmpty() && "=+-@\t\r".indexOf(name.charAt(0)) >= 0 ? "'" + name : name;
  }

  private static String json(Books books, Span span) throws LedgerException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeObjectFieldStart("totals");
      fields(json, books.totals(span));
      json.writeEndObject();
      for (By by : By.values()) {
        json.writeArrayFieldStart("by_" + by.name().toLowerCase(Locale.ROOT));
        for (Line line : books.lines(by, span)) {
          json.writeStartObject();
          json.writeStringField("name", line.name());
          fields(json, line);
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text + System.lineSeparator();
  }

  private static void fields(JsonGenerator json, Line line) throws IOException {
    json.writeNumberField("requests", line.requests());
    json.writeNumberField("unpriced_requests", line.unpriced());
    json.writeStringField("cost_usd", usd(line.costNanoUsd()));
    json.writeObjectFieldStart("tokens");
    json.writeNumberField("input", line.input());
    json.writeNumberField("cached_input", line.cachedInput());
    json.writeNumberField("cache_write", line.cacheWrite());
    json.writeNumberField("output", line.output());
    json.writeNumberField("reasoning", line.reasoning());
    json.writeEndObject();
  }
}
