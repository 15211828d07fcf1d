package io.llmproxy.proxy.observe;

import io.llmproxy.provider.price.ReportedCost.Agreement;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The counters of one event loop: written by that loop's thread alone and without locks, read by
/// [Metrics] from another thread. Allocates only when a provider, model or caller is first seen.
public final class LoopMetrics implements Observer {

  /// Slots of a caller's row: these three, then one for each [TokenKind].
  static final int CALLER_REQUESTS = 0;

  static final int CALLER_COST_NANO_USD = 1;
  static final int CALLER_UNPRICED = 2;
  static final int CALLER_TOKENS = 3;
  private static final int CALLER_SLOTS = CALLER_TOKENS + TokenKind.ALL.size();

  private static final int STARTED = 0;
  private static final int ENDED = 1;
  private static final int UNAUTHENTICATED = 401;

  private final LabelNames providers;
  private final LabelNames models;
  private final Callers callers;
  private final Tally flights = new Tally(2);
  private final AtomicReferenceArray<@Nullable Tally> targets;
  private final AtomicReferenceArray<@Nullable Timings> timings;
  private final AtomicReferenceArray<@Nullable Tally> callerRows =
      new AtomicReferenceArray<>(Callers.MOST + 1);

  LoopMetrics(LabelNames providers, LabelNames models, Callers callers) {
    this.providers = providers;
    this.models = models;
    this.callers = callers;
    targets = new AtomicReferenceArray<>(providers.size() * models.size());
    timings = new AtomicReferenceArray<>(providers.size());
  }

  @Override
  public void onExchangeStart() {
    flights.add(STARTED, 1);
  }

  @Override
  public void onExchangeEnd(ExchangeReport report) {
    flights.add(ENDED, 1);
    int provider = providers.indexOf(report.provider());
    String asked = report.responseModel() != null ? report.responseModel() : report.requestModel();
    countTarget(report, provider * models.size() + models.indexOf(asked));
    countCaller(report);
    Timings spans = timingsOf(provider);
    spans.record(Timings.Span.FIRST_TOKEN, report.firstTokenNanos());
    spans.record(Timings.Span.TOTAL, report.totalNanos());
    spans.record(Timings.Span.OVERHEAD, report.overheadNanos());
  }

  private void countTarget(ExchangeReport report, int target) {
    Tally tally = row(targets, target, TargetSlots.COUNT);
    tally.add(TargetSlots.request(report), 1);
    tally.add(TargetSlots.DROPPED_FIELDS, report.droppedFields());
    if (isUnpriced(report)) {
      tally.add(TargetSlots.UNPRICED, 1);
    } else {
      tally.add(TargetSlots.COST_NANO_USD, Math.max(0, report.costNanoUsd()));
    }
    if (report.costAgreement() == Agreement.DIFFERS) {
      tally.add(TargetSlots.COST_DIFFERS, 1);
    }
    Usage usage = report.usage();
    if (usage == null) {
      return;
    }
    UsageSource source = report.usageSource();
    int first = TargetSlots.tokens(source == null ? UsageSource.ESTIMATED : source);
    countTokens(tally, first, usage);
  }

  private void countCaller(ExchangeReport report) {
    // Who showed no valid key gets no row: else strangers could use up the rows.
    boolean known = report.status() != UNAUTHENTICATED;
    Tally tally =
        row(callerRows, known ? callers.rowOf(report.caller()) : Callers.OTHER, CALLER_SLOTS);
    tally.add(CALLER_REQUESTS, 1);
    if (isUnpriced(report)) {
      tally.add(CALLER_UNPRICED, 1);
    } else {
      tally.add(CALLER_COST_NANO_USD, Math.max(0, report.costNanoUsd()));
    }
    Usage usage = report.usage();
    if (usage != null) {
      countTokens(tally, CALLER_TOKENS, usage);
    }
  }

  private static void countTokens(Tally tally, int first, Usage usage) {
    for (int i = 0; i < TokenKind.ALL.size(); i++) {
      tally.add(first + i, TokenKind.ALL.get(i).of(usage));
    }
  }

  /// A provider was asked, and what that cost is not known. Where none was asked it cost nothing.
  private static boolean isUnpriced(ExchangeReport report) {
    return report.costNanoUsd() < 0 && report.provider() != null;
  }

  private static Tally row(AtomicReferenceArray<@Nullable Tally> rows, int index, int slots) {
    Tally row = rows.getPlain(index);
    if (row == null) {
      row = new Tally(slots);
      rows.setRelease(index, row);
    }
    return row;
  }

  private Timings timingsOf(int provider) {
    Timings found = timings.getPlain(provider);
    if (found == null) {
      found = new Timings();
      timings.setRelease(provider, found);
    }
    return found;
  }

  /// Any thread; null where nothing was counted.
  @Nullable Tally target(int provider, int model) {
    return targets.getAcquire(provider * models.size() + model);
  }

  /// Any thread; null where nothing was counted.
  @Nullable Tally caller(int row) {
    return callerRows.getAcquire(row);
  }

  /// Any thread; null where nothing was recorded.
  @Nullable Timings timings(int provider) {
    return timings.getAcquire(provider);
  }

  /// Any thread. The end of an exchange is read before its start, so the figure is never negative.
  long inFlight() {
    long ended = flights.get(ENDED);
    return flights.get(STARTED) - ended;
  }
}
