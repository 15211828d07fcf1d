package io.llmproxy.proxy.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A ledger that is only read, also beside a proxy that writes to it. For one thread.
public final class Books implements AutoCloseable {
  private final Path dir;
  private final Connection connection;

  private Books(Path dir, Connection connection) {
    this.dir = dir;
    this.connection = connection;
  }

  /// What rows are told apart by.
  public enum By {
    PROVIDER("provider"),
    MODEL("model"),
    KEY("key"),
    DAY("strftime('%Y-%m-%d', at_ms / 1000, 'unixepoch')");

    private final String expression;

    By(String expression) {
      this.expression = expression;
    }
  }

  /// From when to when, Unix time: `from` is within, `to` is not.
  public record Span(long fromMillis, long toMillis) {}

  /// What was used and spent under one name. `input` counts neither what was read from a cache nor
  /// what was written to one; `output` includes `reasoning`.
  ///
  /// @param requests attempts that ended with a cost, known or not
  /// @param unpriced those of them whose cost nobody knows
  public record Line(
      String name,
      long requests,
      long unpriced,
      long costNanoUsd,
      long input,
      long cachedInput,
      long cacheWrite,
      long output,
      long reasoning) {}

  /// What `ledger verify` has to tell.
  ///
  /// @param mismatches what does not fit, one line each; none where all is well
  /// @param open reservations that have not ended
  /// @param expired reservations charged because their process died
  public record Verdict(
      List<String> mismatches,
      long records,
      long reservations,
      long open,
      long expired,
      long costNanoUsd) {}

  /// Opens the ledger of a directory.
  public static Books open(Path dir) throws LedgerException {
    try {
      Connection connection = Database.readable(dir);
      // One view of it all, whatever the proxy writes meanwhile.
      connection.setAutoCommit(false);
      return new Books(dir, connection);
    } catch (SQLException e) {
      throw new LedgerException(dir + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /// Reads every record and recomputes every sum.
  public Verdict verify() throws LedgerException {
    try {
      Audit audit = Audit.of(connection);
      List<String> mismatches = new ArrayList<>(audit.mismatches());
      mismatches.addAll(damage());
      return new Verdict(
          mismatches,
          audit.records(),
          audit.reservations(),
          audit.open().size(),
          audit.expired(),
          audit.cost());
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private List<String> damage() throws SQLException {
    List<String> found = new ArrayList<>();
    try (PreparedStatement check = connection.prepareStatement("PRAGMA integrity_check");
        ResultSet row = check.executeQuery()) {
      while (row.next()) {
        if (!row.getString(1).equals("ok")) {
          found.add("the file: " + row.getString(1).replace('\n', ' '));
        }
      }
    }
    return found;
  }

  /// Usage and cost of what ended in a span: by cost, days by date.
  public List<Line> lines(By by, Span span) throws LedgerException {
    return query(by.expression, span, by == By.DAY ? "name" : "cost DESC, name");
  }

  /// Usage and cost of all that ended in a span.
  public Line totals(Span span) throws LedgerException {
    List<Line> all = query("''", span, "name");
    return all.isEmpty() ? new Line("", 0, 0, 0, 0, 0, 0, 0, 0) : all.getFirst();
  }

  private List<Line> query(String name, Span span, String order) throws LedgerException {
    String query =
        "SELECT "
            + name
            + " AS name, count(*), sum(r.cost < 0), sum(max(r.cost, 0)) AS cost,"
            + " sum(input + input_audio), sum(cached_input),"
            + " sum(cache_write_5m + cache_write_1h + cache_write_30m + cache_write_12h),"
            + " sum(output + reasoning + output_audio), sum(reasoning)"
            + " FROM record r WHERE kind IN (2, 4) AND at_ms >= ? AND at_ms < ?"
            + " GROUP BY 1 ORDER BY "
            + order;
    List<Line> lines = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setLong(1, span.fromMillis());
      statement.setLong(2, span.toMillis());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          lines.add(line(row));
        }
      }
    } catch (SQLException e) {
      throw unreadable(e);
    }
    return lines;
  }

  private static Line line(ResultSet row) throws SQLException {
    return new Line(
        row.getString(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9));
  }

  Spent spentSince(long hour, long day, long month) throws LedgerException {
    String since = "coalesce(sum(CASE WHEN at_ms >= ? THEN cost END), 0)";
    String query =
        "SELECT key, provider, "
            + String.join(", ", since, since, since)
            + " FROM record WHERE kind IN (2, 4) AND cost > 0 AND at_ms >= ?"
            + " GROUP BY key, provider";
    Map<String, Amounts> byKey = new HashMap<>();
    Map<String, Amounts> byProvider = new HashMap<>();
    Amounts total = Amounts.NONE;
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setLong(1, hour);
      statement.setLong(2, day);
      statement.setLong(3, month);
      statement.setLong(4, Math.min(hour, Math.min(day, month)));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Amounts amounts = new Amounts(row.getLong(3), row.getLong(4), row.getLong(5));
          byKey.merge(row.getString(1), amounts, Amounts::plus);
          byProvider.merge(row.getString(2), amounts, Amounts::plus);
          total = total.plus(amounts);
        }
      }
    } catch (SQLException e) {
      throw unreadable(e);
    }
    return new Spent(Map.copyOf(byKey), Map.copyOf(byProvider), total);
  }

  private LedgerException unreadable(SQLException e) {
    return new LedgerException(dir + ": cannot be read: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    Database.closeQuietly(connection);
  }
}
