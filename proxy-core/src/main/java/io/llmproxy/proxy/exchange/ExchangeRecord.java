package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.api.Plan;
import io.llmproxy.provider.price.Rates;
import io.llmproxy.provider.price.ReportedCost.Agreement;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.PromptEstimate;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.UsageSource;
import io.llmproxy.proxy.auth.Principal;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.observe.ExchangeReport;
import io.llmproxy.proxy.observe.Outcome;
import io.llmproxy.proxy.relay.Relay;
import io.llmproxy.proxy.route.Target;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is noted of an exchange on its way, for the report at its end.
final class ExchangeRecord {

  final AsciiString id;
  private final String address;
  private @Nullable Principal principal;
  @Nullable Operation operation;
  @Nullable String requestModel;
  boolean streamed;

  /// Names of the request's fields that the provider was not sent.
  List<String> dropped = List.of();

  private PromptEstimate estimate = PromptEstimate.NONE;

  /// What the answer was limited to so that the budgets can pay it, −1 for as the caller had it.
  long maxOutput = -1;

  int attempts;

  long requestBytes;
  private long replyBytes;
  private @Nullable Target target;

  /// What all attempts that have ended came to; null before the first.
  private @Nullable Charge charge;

  /// @param address the caller's, by which it is known until its principal is
  ExchangeRecord(AsciiString id, String address) {
    this.id = id;
    this.address = address;
  }

  /// The caller's IP address.
  String address() {
    return address;
  }

  void principal(Principal principal) {
    this.principal = principal;
  }

  /// Who asks.
  Principal principal() {
    if (principal == null) {
      throw new IllegalStateException("not admitted");
    }
    return principal;
  }

  void target(Target target) {
    this.target = target;
  }

  boolean hasTarget() {
    return target != null;
  }

  Target target() {
    if (target == null) {
      throw new IllegalStateException("no target yet");
    }
    return target;
  }

  /// The provider is asked so.
  void asked(Plan.Ask ask, long limitedTo) {
    maxOutput = limitedTo;
    dropped = ask.dropped();
    estimate = ask.replies().estimate();
  }

  /// The provider's name, for messages.
  String provider() {
    return target == null ? "none" : target.provider();
  }

  /// The caller was given `bytes` of a reply that `reader` followed.
  void replied(ReplyReader reader, long bytes) {
    replyBytes = bytes;
    if (reader.usageSource() == UsageSource.REPORTED) {
      estimate.learn(reader.usage().totalInput());
    }
  }

  /// An attempt has ended.
  void charge(Charge ended) {
    charge = charge == null ? ended : charge.plus(ended);
  }

  /// Notes what the caller was given of the reply that `phase` has, as it stands.
  void note(Phase phase) {
    switch (phase) {
      case Phase.Relaying(_, Trial trial) -> {
        Relay relay = trial.relay();
        if (relay != null) {
          replied(relay.reader(), relay.bytes());
        }
      }
      case Phase.Asking(Attempts attempts) -> {
        Trial trial = attempts.trials().furthest();
        if (trial != null && trial.held() != null) {
          target = trial.target();
        }
      }
      case Phase.Reading _, Phase.Answering _, Phase.Closed _ -> {}
    }
  }

  /// What the caller is to pay so far, in nano-dollars.
  long costNanoUsd() {
    return charge == null ? Rates.UNKNOWN : charge.nanoUsd();
  }

  ExchangeReport report(Timing timing, Outcome outcome, @Nullable String code, int status) {
    return new ExchangeReport(
        id.toString(),
        principal == null ? address : principal.name(),
        operation,
        requestModel,
        target == null ? null : target.provider(),
        target == null ? null : target.model(),
        status == 0 ? FailureKind.CALLER_GONE.status() : status,
        outcome,
        code,
        attempts,
        streamed,
        timing.startedMillis,
        timing.firstContentNanos(),
        timing.ended - timing.started,
        timing.overheadNanos(),
        requestBytes,
        replyBytes,
        charge == null ? null : charge.usage(),
        charge == null ? null : charge.source(),
        costNanoUsd(),
        charge == null ? Agreement.NOT_REPORTED : charge.cost().agreement(),
        dropped.size());
  }
}
