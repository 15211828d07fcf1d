package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.observe.ExchangeReport;
import io.llmproxy.proxy.observe.Outcome;
import io.llmproxy.proxy.relay.Relay;
import io.llmproxy.proxy.route.Target;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// What is noted of an exchange on its way, for the report at its end.
final class ExchangeRecord {

  final AsciiString id;
  private final String caller;
  @Nullable Operation operation;
  @Nullable String requestModel;
  boolean streamed;

  /// Whether the request was changed to ask for usage, so that the answer to it is to be taken out.
  boolean asksUsage;

  int attempts;
  long requestBytes;
  private long replyBytes;
  private @Nullable Target target;
  private @Nullable Usage usage;
  private @Nullable UsageSource usageSource;

  ExchangeRecord(AsciiString id, String caller) {
    this.id = id;
    this.caller = caller;
  }

  void target(Target target) {
    this.target = target;
  }

  /// The provider's name, for messages.
  String provider() {
    return target == null ? "none" : target.provider();
  }

  void relayed(Relay relay) {
    ReplyReader reader = relay.reader();
    replyBytes = relay.bytes();
    usage = reader.usage();
    usageSource = reader.usageSource();
  }

  ExchangeReport report(Timing timing, Outcome outcome, @Nullable FailureKind kind, int status) {
    long cost = usage == null || target == null ? -1 : Cost.nanoUsd(target.price(), usage);
    return new ExchangeReport(
        id.toString(),
        caller,
        operation,
        requestModel,
        target == null ? null : target.provider(),
        target == null ? null : target.model(),
        status == 0 ? FailureKind.CALLER_GONE.status() : status,
        outcome,
        kind == null ? null : kind.code(),
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
        cost);
  }
}
