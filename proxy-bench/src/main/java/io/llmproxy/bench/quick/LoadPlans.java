package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.Expectation;
import io.llmproxy.bench.load.LoadPlan;
import io.llmproxy.bench.load.LoadPlan.Protocol;
import io.llmproxy.bench.load.LoadPlan.Target;
import io.llmproxy.bench.load.RequestTemplate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// The plans of the three loads, towards any arm.
///
/// @param replies what the provider answers when nothing stands between
record LoadPlans(QuickOptions options, DirectReplies replies) {
  private static final int IN_FLIGHT = 32;
  private static final int SMALL_CONNECTIONS = 4;
  private static final int PACED_PER_CONNECTION = 50;

  LoadPlan plan(Load load, Target target) {
    boolean http1 = target.protocol() == Protocol.HTTP_1_1;
    int inFlight = load == Load.PACED ? options.streams() : IN_FLIGHT;
    int connections = http1 ? inFlight : connections(load, inFlight);
    return new LoadPlan(
        target,
        connections,
        http1 ? 1 : inFlight / connections,
        ramp(load),
        true,
        request(options, load).to(BenchRequests.authority(target.address())),
        expected(load));
  }

  private static int connections(Load load, int inFlight) {
    if (load != Load.PACED) {
      return SMALL_CONNECTIONS;
    }
    return Math.max(1, inFlight / PACED_PER_CONNECTION);
  }

  /// Paced streams begin spread over half a second, so that their events do not come in step.
  Duration ramp(Load load) {
    return load == Load.PACED ? Duration.ofMillis(500) : Duration.ZERO;
  }

  /// The models the loads ask for.
  static List<String> models(QuickOptions options) {
    return Arrays.stream(Load.values()).map(load -> model(options, load)).toList();
  }

  private static String model(QuickOptions options, Load load) {
    return switch (load) {
      case SMALL -> BenchRequests.SMALL_MODEL;
      case PACED -> BenchRequests.streamModel(QuickOptions.EVENTS, options.rate());
      case UNPACED -> BenchRequests.streamModel(QuickOptions.EVENTS, 0);
    };
  }

  static RequestTemplate request(QuickOptions options, Load load) {
    return load == Load.SMALL ? BenchRequests.small() : BenchRequests.stream(model(options, load));
  }

  private Expectation expected(Load load) {
    return load == Load.SMALL
        ? Expectation.body(replies.smallBytes())
        : Expectation.stream(replies.streamEvents(), BenchRequests.STAMP_MARK);
  }
}
