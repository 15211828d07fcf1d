package io.llmproxy.proxy.observe;

import io.llmproxy.provider.price.ReportedCost.Agreement;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import org.jspecify.annotations.Nullable;

/// A report for tests, from which they change one thing.
public record Reports(
    String id,
    String caller,
    @Nullable String requestModel,
    @Nullable String provider,
    @Nullable String responseModel,
    int status,
    long firstTokenNanos,
    long totalNanos,
    @Nullable Usage usage,
    long costNanoUsd) {

  /// 100 plain, 20 cached, 7 written to a cache, 3 of audio in; 40 text, 9 reasoning, 1 audio out.
  public static final Usage USAGE = new Usage(100, 20, 3, 4, 0, 0, 3, 40, 9, 1, 180);

  public static Reports plain() {
    return new Reports(
        "req-1", "alice", "fast", "openai", "gpt-5", 200, 5_000_000, 80_000_000, USAGE, 1_234_567);
  }

  public Reports by(String name) {
    return new Reports(
        id,
        name,
        requestModel,
        provider,
        responseModel,
        status,
        firstTokenNanos,
        totalNanos,
        usage,
        costNanoUsd);
  }

  public Reports id(String value) {
    return new Reports(
        value,
        caller,
        requestModel,
        provider,
        responseModel,
        status,
        firstTokenNanos,
        totalNanos,
        usage,
        costNanoUsd);
  }

  public Reports target(
      @Nullable String asked, @Nullable String newProvider, @Nullable String model) {
    return new Reports(
        id,
        caller,
        asked,
        newProvider,
        model,
        status,
        firstTokenNanos,
        totalNanos,
        usage,
        costNanoUsd);
  }

  public Reports status(int value) {
    return new Reports(
        id,
        caller,
        requestModel,
        provider,
        responseModel,
        value,
        firstTokenNanos,
        totalNanos,
        usage,
        costNanoUsd);
  }

  public Reports took(long nanos) {
    return new Reports(
        id,
        caller,
        requestModel,
        provider,
        responseModel,
        status,
        firstTokenNanos,
        nanos,
        usage,
        costNanoUsd);
  }

  public Reports used(@Nullable Usage newUsage, long nanoUsd) {
    return new Reports(
        id,
        caller,
        requestModel,
        provider,
        responseModel,
        status,
        firstTokenNanos,
        totalNanos,
        newUsage,
        nanoUsd);
  }

  public ExchangeReport report() {
    return report(Agreement.NOT_REPORTED);
  }

  public ExchangeReport report(Agreement agreement) {
    return new ExchangeReport(
        id,
        caller,
        Operation.CHAT_COMPLETIONS,
        requestModel,
        provider,
        responseModel,
        status,
        Outcome.COMPLETED,
        null,
        1,
        true,
        1_767_225_600_123L,
        firstTokenNanos,
        totalNanos,
        41_400,
        321,
        6_543,
        usage,
        usage == null ? null : UsageSource.REPORTED,
        costNanoUsd,
        agreement,
        0);
  }
}
