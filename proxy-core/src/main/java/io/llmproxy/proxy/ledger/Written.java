package io.llmproxy.proxy.ledger;

import java.util.List;

/// What a run has got to disk.
///
/// @param records of it
/// @param open reservations that have not ended
/// @param commitNanos what all commits took together
public record Written(long records, long open, long commits, long commitNanos) {

  static final Written NOTHING = new Written(0, 0, 0, 0);

  Written plus(List<Row> rows, long nanos) {
    long reserved = rows.stream().filter(row -> row.kind() == RecordKind.RESERVE).count();
    long ended = rows.stream().filter(Row::isEnd).count();
    return new Written(
        records + rows.size(), open + reserved - ended, commits + 1, commitNanos + nanos);
  }
}
