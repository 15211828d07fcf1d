package io.llmproxy.proxy.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where and how what is spent is written down.
///
/// @param dir the directory of the ledger, made if it is not there
/// @param room how many records may wait in memory for the disk, over all event loops
/// @param shared the database that gets a copy of each record, null for none
public record LedgerSettings(
    Path dir, Durability durability, OnCrash onCrash, int room, @Nullable SharedLedger shared) {

  /// How many records may wait in memory where the configuration does not say.
  public static final int DEFAULT_ROOM = 100_000;

  /// With the room that is usual.
  public LedgerSettings(
      Path dir, Durability durability, OnCrash onCrash, @Nullable SharedLedger shared) {
    this(dir, durability, onCrash, DEFAULT_ROOM, shared);
  }

  /// What a caller may take for granted.
  public enum Durability {
    /// An answer ends when its settlement is on disk; while the disk fails nothing new is taken.
    STRICT,
    /// Settlements get to disk within a moment; while the disk fails they wait in memory.
    BATCHED
  }

  /// What an attempt is charged whose end nobody saw, because the process died.
  public enum OnCrash {
    /// What was held, times what this model's settled attempts cost of what was held for them; all
    /// that was held where there is none.
    ESTIMATE,
    /// All that was held.
    FULL,
    /// Nothing.
    VOID
  }

  /// A PostgreSQL database in which the records of many proxies stand together.
  ///
  /// @param url begins `jdbc:postgresql:` and holds no password
  /// @param node the name of this proxy there, null for that of the host
  public record SharedLedger(
      String url, @Nullable String user, @Nullable Secret password, @Nullable String node) {}
}
