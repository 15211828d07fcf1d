package io.llmproxy.proxy.ledger;

import io.llmproxy.proxy.config.LedgerSettings.OnCrash;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a run does before its first record: it checks what it will count with, and ends by policy
/// what the run before left open.
final class Recovery {
  private static final long CHECKED_MILLIS = 32L * 24 * 60 * 60 * 1000;

  /// From how many records on several threads read them.
  private static final int WORTH_READERS = 4 * Stretch.MOST;

  private final Connection connection;
  private final OnCrash policy;
  private final Map<Model, Double> shares = new HashMap<>();

  /// Whose attempts an estimate is made from.
  private record Model(String provider, String model) {}

  private Recovery(Connection connection, OnCrash policy) {
    this.connection = connection;
    this.policy = policy;
  }

  /// Begins a run, and gives the time of the newest record before it.
  static long begin(Store store, OnCrash policy, long nowMillis)
      throws SQLException, LedgerException {
    Connection connection = store.connection();
    Audit audit = audit(store, firstEpoch(connection, nowMillis));
    if (!audit.mismatches().isEmpty()) {
      throw new LedgerException(
          "its records cannot be trusted, and are left as they are ("
              + audit.mismatches().size()
              + " faults; the first: "
              + audit.mismatches().getFirst()
              + ")");
    }
    store.begin(nowMillis, new Recovery(connection, policy).expired(audit));
    return audit.newestMillis();
  }

  private static Audit audit(Store store, long fromEpoch) throws SQLException, LedgerException {
    Connection connection = store.connection();
    if (store.head().records() < WORTH_READERS) {
      return Audit.since(connection, fromEpoch, Readers.alone(connection));
    }
    try (Readers readers = Readers.of(store.dir())) {
      return Audit.since(connection, fromEpoch, readers::read);
    }
  }

  /// The run under way when the oldest period began that a budget may look back on.
  private static long firstEpoch(Connection connection, long nowMillis) throws SQLException {
    String last = "SELECT max(epoch) FROM epoch";
    return Math.min(
        Database.number(connection, last),
        Database.number(connection, last + " WHERE began_ms <= " + (nowMillis - CHECKED_MILLIS)));
  }

  private List<Row> expired(Audit audit) throws SQLException {
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<Audit.Reservation, Audit.Open> open : audit.open().entrySet()) {
      Audit.Reservation reservation = open.getKey();
      Entry entry = entry(reservation.epoch(), open.getValue().seq());
      rows.add(Row.expire(reservation.epoch(), reservation.id(), entry, charge(entry)));
    }
    return rows;
  }

  private Entry entry(long epoch, long seq) throws SQLException {
    String query =
        "SELECT request_id, attempt, key, provider, model, held, at_ms FROM record"
            + " WHERE epoch = ? AND seq = ?";
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setLong(1, epoch);
      statement.setLong(2, seq);
      try (ResultSet row = statement.executeQuery()) {
        return new Entry(
            row.getString(1),
            row.getInt(2),
            row.getString(3),
            row.getString(4),
            row.getString(5),
            row.getLong(6),
            row.getLong(7));
      }
    }
  }

  private long charge(Entry entry) throws SQLException {
    long held = entry.heldNanoUsd();
    return switch (policy) {
      case VOID -> 0;
      case FULL -> held;
      case ESTIMATE -> held <= 0 ? held : part(held, share(entry));
    };
  }

  private double share(Entry entry) throws SQLException {
    Model model = new Model(entry.provider(), entry.model());
    Double known = shares.get(model);
    if (known != null) {
      return known;
    }
    double share = readShare(model);
    shares.put(model, share);
    return share;
  }

  /// What the model's last settled attempts cost of what was held for them, at most all of it; all
  /// where there are none.
  private double readShare(Model model) throws SQLException {
    String query =
        "SELECT total(cost), total(held) FROM (SELECT cost, held FROM record"
            + " WHERE kind = 2 AND cost >= 0 AND held > 0 AND provider = ? AND model = ?"
            + " ORDER BY epoch DESC, seq DESC LIMIT 1000)";
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, model.provider());
      statement.setString(2, model.model());
      try (ResultSet row = statement.executeQuery()) {
        double held = row.getDouble(2);
        return held > 0 ? Math.min(1, row.getDouble(1) / held) : 1;
      }
    }
  }

  private static long part(long held, double share) {
    return BigDecimal.valueOf(held)
        .multiply(BigDecimal.valueOf(share))
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }
}
