package io.llmproxy.proxy.observe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What limits, budgets, the ledger and the cluster are at, at one moment.
///
/// @param denials attempts that were not let in, by why
/// @param ledger null where none is kept
/// @param connected whether the cluster's Redis answers; null where there is no cluster
public record Standing(
    List<Denied> denials,
    List<Budget> budgets,
    @Nullable Ledger ledger,
    @Nullable Boolean connected) {

  /// Of a proxy that has none of it.
  public static final Standing NONE = new Standing(List.of(), List.of(), null, null);

  /// How many attempts were not let in for one reason.
  public record Denied(String reason, long count) {}

  /// A budget in its period under way.
  ///
  /// @param owner whose it is, such as `key alice`
  /// @param committed what is spent and held, nano-dollars
  public record Budget(String owner, String period, long limit, long committed) {}

  /// The ledger of this run.
  ///
  /// @param good whether all is written within a moment
  /// @param written records on disk
  /// @param queued records that wait for the disk
  /// @param open reservations on disk that have not ended
  /// @param commitNanos what all commits took together
  public record Ledger(
      boolean good, long written, long queued, long open, long commits, long commitNanos) {}
}
