package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.Settings.Timeouts;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A name of a model that callers may ask for, and what answers to it.
///
/// @param targets at least one
/// @param hedge null where no second target is tried before the first has failed
/// @param adaptive whether a target is given no more requests at once than it answers as fast as
///   usual, while another target has room
public record RouteSettings(
    String model,
    List<TargetSettings> targets,
    Strategy strategy,
    RetrySettings retry,
    @Nullable HedgeSettings hedge,
    Resume resume,
    boolean adaptive) {

  /// One target: `provider/model`.
  ///
  /// @param weight its share where the strategy is WEIGHTED
  public record TargetSettings(String name, int weight, Timeouts timeouts) {}

  /// Which target comes first.
  public enum Strategy {
    /// In the order of the file.
    ORDERED,
    /// By weight, the same prompt always the same where it can be.
    WEIGHTED,
    /// That with the shortest time to first token.
    FASTEST
  }

  /// What follows a stream that broke after content had been delivered.
  public enum Resume {
    /// An error.
    OFF,
    /// The request is sent anew, and its output given on from where it agrees with what was
    /// delivered.
    AGREED_PREFIX,
    /// Likewise, but a model that takes it is given what was delivered and goes on from there.
    PREFILL
  }

  /// When a second target is tried beside the first.
  ///
  /// @param after null for the route's own p95 of time to first token
  /// @param maxExtraPercent the most extra requests, in percent of all
  public record HedgeSettings(@Nullable Duration after, int maxExtraPercent) {}
}
