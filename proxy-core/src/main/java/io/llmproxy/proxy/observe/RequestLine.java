package io.llmproxy.proxy.observe;

import com.fasterxml.jackson.core.JsonGenerator;
import io.llmproxy.provider.wire.Usage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An [ExchangeReport] as a line of the log. Holds no key and nothing of what was said.
final class RequestLine {

  /// In characters. What callers choose may be as long as their request.
  private static final int LONGEST_NAME = 256;

  private static final int MILLIS_SCALE = 3;

  private RequestLine() {}

  static String text(ExchangeReport report) {
    long endMillis = report.startedMillis() + Math.max(0, report.totalNanos()) / 1_000_000;
    return new String(
        JsonText.of(json -> write(report, endMillis, json)), StandardCharsets.US_ASCII);
  }

  /// One object; `endMillis` is when the exchange ended, Unix time.
  static void write(ExchangeReport report, long endMillis, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("@timestamp", Timestamps.iso(endMillis));
    json.writeStringField("event.start", Timestamps.iso(report.startedMillis()));
    json.writeStringField("log.logger", RequestLog.LOGGER);
    json.writeStringField("id", shortened(report.id()));
    json.writeStringField("caller", shortened(report.caller()));
    writeTarget(report, json);
    json.writeNumberField("status", report.status());
    json.writeStringField("outcome", report.outcome().name().toLowerCase(Locale.ROOT));
    json.writeStringField("code", shortened(report.code()));
    json.writeNumberField("attempts", report.attempts());
    json.writeBooleanField("streamed", report.streamed());
    writeMillis("first_token_ms", report.firstTokenNanos(), json);
    writeMillis("total_ms", report.totalNanos(), json);
    if (report.overheadNanos() < 0) {
      json.writeNullField("overhead_us");
    } else {
      json.writeNumberField("overhead_us", report.overheadNanos() / 1_000);
    }
    json.writeNumberField("request_bytes", report.requestBytes());
    json.writeNumberField("reply_bytes", report.replyBytes());
    writeUsage(report, json);
    json.writeStringField(
        "cost_usd", report.costNanoUsd() < 0 ? null : JsonText.usd(report.costNanoUsd()));
    json.writeStringField("cost_check", label(report.costAgreement()));
    json.writeEndObject();
  }

  private static void writeTarget(ExchangeReport report, JsonGenerator json) throws IOException {
    json.writeStringField("operation", label(report.operation()));
    json.writeStringField("request_model", shortened(report.requestModel()));
    json.writeStringField("provider", shortened(report.provider()));
    json.writeStringField("response_model", shortened(report.responseModel()));
  }

  private static void writeUsage(ExchangeReport report, JsonGenerator json) throws IOException {
    Usage usage = report.usage();
    if (usage == null) {
      json.writeNullField("tokens");
    } else {
      json.writeObjectFieldStart("tokens");
      for (TokenKind kind : TokenKind.ALL) {
        json.writeNumberField(kind.label(), kind.of(usage));
      }
      json.writeEndObject();
    }
    json.writeStringField("usage_source", label(report.usageSource()));
  }

  /// To the microsecond.
  private static void writeMillis(String field, long nanos, JsonGenerator json) throws IOException {
    if (nanos < 0) {
      json.writeNullField(field);
      return;
    }
    json.writeFieldName(field);
    json.writeNumber(BigDecimal.valueOf(nanos / 1_000, MILLIS_SCALE).toPlainString());
  }

  private static @Nullable String label(@Nullable Enum<?> value) {
    return value == null ? null : value.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String shortened(@Nullable String name) {
    return name == null || name.length() <= LONGEST_NAME
        ? name
        : name.substring(0, LONGEST_NAME) + "...";
  }
}
