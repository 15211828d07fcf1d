package io.llmproxy.proxy.observe;

import io.llmproxy.provider.price.ReportedCost.Agreement;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import org.jspecify.annotations.Nullable;

/// What is known of an exchange when it has ended. Durations in nanoseconds, −1 where there is
/// none.
///
/// @param id the request's id
/// @param caller who asked: a key's name, or an IP address
/// @param operation null where the request never got as far as one
/// @param requestModel the name asked for
/// @param provider the target's provider, null where none was chosen
/// @param responseModel the target's model
/// @param status the HTTP status the caller saw
/// @param code the error code the caller saw, null for none
/// @param startedMillis when the request's head arrived, Unix time
/// @param firstTokenNanos from the request's head to the first content byte handed to the caller
/// @param totalNanos from the request's head to the end
/// @param overheadNanos the proxy's own time until it sent the reply's head
/// @param costNanoUsd −1 where unknown
/// @param costAgreement how the provider's own cost, if it tells one, compares with the table's
/// @param droppedFields how many fields of the request the provider was not sent
public record ExchangeReport(
    String id,
    String caller,
    @Nullable Operation operation,
    @Nullable String requestModel,
    @Nullable String provider,
    @Nullable String responseModel,
    int status,
    Outcome outcome,
    @Nullable String code,
    int attempts,
    boolean streamed,
    long startedMillis,
    long firstTokenNanos,
    long totalNanos,
    long overheadNanos,
    long requestBytes,
    long replyBytes,
    @Nullable Usage usage,
    @Nullable UsageSource usageSource,
    long costNanoUsd,
    Agreement costAgreement,
    int droppedFields) {}
