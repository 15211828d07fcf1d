package io.llmproxy.proxy.ledger;

import java.util.Collections;
import java.util.List;

/// How the ledger looks to SQLite.
final class Schema {
  static final String FILE = "ledger.db";

  /// "LLMP"; `file` and SQLite's own shell show it.
  static final int APPLICATION = 0x4c4c4d50;

  static final int VERSION = 1;

  /// All columns of `record` but its checksum.
  static final String COLUMNS =
      "epoch, seq, kind, of_epoch, id, at_ms, held, cost, attempt,"
          + " request_id, key, provider, model, outcome, source,"
          + " input, cached_input, cache_write_5m, cache_write_1h,"
          + " cache_write_30m, cache_write_12h, input_audio,"
          + " output, reasoning, output_audio, reported_total";

  static final int COLUMN_COUNT = COLUMNS.split(",", -1).length;

  /// What the checksum of a record is made of: its columns, each with a separator after it.
  static final String CANONICAL = "concat_ws(char(31), " + COLUMNS + ", '')";

  /// Rows that go in by one statement, where there are so many: a step of SQLite costs more than
  /// what it inserts.
  static final int TOGETHER = 16;

  static final String INSERT = insert(1);
  static final String INSERT_TOGETHER = insert(TOGETHER);

  static final List<String> CREATE =
      List.of(
          """
          CREATE TABLE record (
            epoch INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 4),
            of_epoch INTEGER NOT NULL,
            id INTEGER NOT NULL,
            at_ms INTEGER NOT NULL,
            held INTEGER NOT NULL,
            cost INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            request_id TEXT NOT NULL,
            key TEXT NOT NULL,
            provider TEXT NOT NULL,
            model TEXT NOT NULL,
            outcome TEXT NOT NULL,
            source TEXT NOT NULL,
            input INTEGER NOT NULL,
            cached_input INTEGER NOT NULL,
            cache_write_5m INTEGER NOT NULL,
            cache_write_1h INTEGER NOT NULL,
            cache_write_30m INTEGER NOT NULL,
            cache_write_12h INTEGER NOT NULL,
            input_audio INTEGER NOT NULL,
            output INTEGER NOT NULL,
            reasoning INTEGER NOT NULL,
            output_audio INTEGER NOT NULL,
            reported_total INTEGER NOT NULL,
            chain INTEGER NOT NULL,
            PRIMARY KEY (epoch, seq)
          ) STRICT, WITHOUT ROWID
          """,
          "CREATE TABLE epoch (epoch INTEGER PRIMARY KEY, began_ms INTEGER NOT NULL) STRICT",
          """
          CREATE TABLE head (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            records INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            chain INTEGER NOT NULL,
            cost INTEGER NOT NULL
          ) STRICT
          """,
          "INSERT INTO head VALUES (1, 0, 0, 0, 0, 0)",
          immutable("record", "UPDATE"),
          immutable("record", "DELETE"),
          immutable("epoch", "UPDATE"),
          immutable("epoch", "DELETE"),
          immutable("head", "DELETE"),
          "PRAGMA application_id = " + APPLICATION,
          "PRAGMA user_version = " + VERSION);

  private static final int FIRST_TEXT = 10;
  private static final int LAST_TEXT = 15;

  private Schema() {}

  private static String insert(int rows) {
    String row = "(" + "?, ".repeat(COLUMN_COUNT) + "?)";
    return "INSERT OR ROLLBACK INTO record ("
        + COLUMNS
        + ", chain) VALUES "
        + String.join(", ", Collections.nCopies(rows, row));
  }

  /// Whether a column, counted from 1, holds text; all others hold whole numbers.
  static boolean isText(int column) {
    return column >= FIRST_TEXT && column <= LAST_TEXT;
  }

  private static String immutable(String table, String change) {
    return "CREATE TRIGGER "
        + table
        + "_no_"
        + change
        + " BEFORE "
        + change
        + " ON "
        + table
        + " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END";
  }
}
