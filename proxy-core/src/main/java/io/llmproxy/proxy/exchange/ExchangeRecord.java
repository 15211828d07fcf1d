package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.api.Plan;
import io.llmproxy.provider.price.Price;
import io.llmproxy.provider.price.Rates;
import io.llmproxy.provider.price.ReportedCost;
import io.llmproxy.provider.price.ReportedCost.Agreement;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.PromptEstimate;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
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

  private static final ReportedCost UNKNOWN_COST =
      new ReportedCost(Rates.UNKNOWN, Agreement.NOT_REPORTED);

  final AsciiString id;
  private final String address;
  private @Nullable Principal principal;
  @Nullable Operation operation;
  @Nullable String requestModel;
  boolean streamed;

  /// Names of the request's fields that the provider was not sent.
  List<String> dropped = List.of();

  private PromptEstimate estimate = PromptEstimate.NONE;

  int attempts;

  long requestBytes;
  private long replyBytes;
  private @Nullable Target target;
  private @Nullable Usage usage;
  private @Nullable UsageSource usageSource;
  private ReportedCost cost = UNKNOWN_COST;

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
  void asked(Plan.Ask ask) {
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
    usage = reader.usage();
    usageSource = reader.usageSource();
    cost = cost(reader);
    if (usageSource == UsageSource.REPORTED) {
      estimate.learn(reader.usage().totalInput());
    }
  }

  /// Notes what is known of the reply that `phase` has, as it stands.
  void note(Phase phase) {
    switch (phase) {
      case Phase.Relaying(_, Trial trial) -> {
        Relay relay = trial.relay();
        if (relay != null) {
          replied(relay.reader(), relay.bytes());
        }
      }
      case Phase.Asking(Attempts attempts) -> {
        Trial trial = attempts.furthest();
        HeldReply held = trial == null ? null : trial.held();
        if (trial != null && held != null) {
          target = trial.target();
          replied(held.reader(), 0);
        }
      }
      case Phase.Reading _, Phase.Answering _, Phase.Closed _ -> {}
    }
  }

  /// What the reply that `reader` followed costs by what is known of it now. The provider's own
  /// number counts only where its usage does: what it says midway is of what it sent by then.
  ReportedCost cost(ReplyReader reader) {
    Billing billing = reader.billing();
    Price price = target == null ? null : target.price();
    long computed = price == null ? Rates.UNKNOWN : price.nanoUsd(reader.usage(), billing.tier());
    boolean whole = reader.usageSource() == UsageSource.REPORTED;
    return ReportedCost.ofTicks(whole ? billing.costTicks() : -1, computed);
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
        System.nanoTime() - timing.started,
        timing.overheadNanos(),
        requestBytes,
        replyBytes,
        usage,
        usageSource,
        cost.nanoUsd(),
        cost.agreement(),
        dropped.size());
  }
}
