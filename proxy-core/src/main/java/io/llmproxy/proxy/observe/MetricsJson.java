package io.llmproxy.proxy.observe;

import com.fasterxml.jackson.core.JsonGenerator;
import io.llmproxy.proxy.observe.Reading.Totals;
import io.llmproxy.proxy.observe.Reading.UsageRow;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// A [Reading] as JSON: all of it, or its usage and cost.
final class MetricsJson {

  private static final double NANOS = 1e9;
  private static final double MICROS = 1e6;
  private static final List<String> QUANTILE_NAMES = List.of("p50", "p90", "p99", "p999");

  private MetricsJson() {}

  static byte[] usage(Reading reading) {
    return JsonText.of(json -> writeUsage(reading, json));
  }

  static byte[] all(Reading reading) {
    return JsonText.of(json -> {
      json.writeStartObject();
      writeProcess(reading, json);
      StandingText.write(reading.standing(), json);
      json.writeFieldName("usage");
      writeUsage(reading, json);
      json.writeArrayFieldStart("requests");
      for (Reading.Target target : reading.targets()) {
        writeRequests(target, json);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("tokens");
      for (Reading.Target target : reading.targets()) {
        writeTokens(target, json);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("latency");
      for (Reading.Latency latency : reading.latencies()) {
        writeLatency(latency, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static void writeProcess(Reading reading, JsonGenerator json) throws IOException {
    Reading.Host host = reading.host();
    json.writeStringField("version", host.version());
    json.writeNumberField("uptime_seconds", host.uptimeSeconds());
    json.writeNumberField("requests_in_flight", reading.inFlight());
    json.writeNumberField("log_lines_dropped", reading.droppedLogLines());
    json.writeNumberField("heap_used_bytes", host.heapBytes());
    if (host.directBytes() >= 0) {
      json.writeNumberField("direct_memory_used_bytes", host.directBytes());
    }
  }

  private static void writeRequests(Reading.Target target, JsonGenerator json) throws IOException {
    for (TargetSlots.RequestSlot slot : TargetSlots.REQUESTS) {
      long count = target.counts().get(slot.slot());
      if (count > 0) {
        json.writeStartObject();
        json.writeStringField("provider", target.provider());
        json.writeStringField("model", target.model());
        json.writeStringField("operation", slot.operation());
        json.writeStringField("status_class", slot.statusClass());
        json.writeStringField("outcome", slot.outcome());
        json.writeNumberField("count", count);
        json.writeEndObject();
      }
    }
  }

  private static void writeTokens(Reading.Target target, JsonGenerator json) throws IOException {
    for (TargetSlots.TokenSlot slot : TargetSlots.TOKENS) {
      long count = target.counts().get(slot.slot());
      if (count > 0) {
        json.writeStartObject();
        json.writeStringField("provider", target.provider());
        json.writeStringField("model", target.model());
        json.writeStringField("kind", slot.kind().label());
        json.writeStringField("source", slot.source());
        json.writeNumberField("count", count);
        json.writeEndObject();
      }
    }
  }

  private static void writeLatency(Reading.Latency latency, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("provider", latency.provider());
    json.writeStringField(
        "span",
        switch (latency.span()) {
          case FIRST_TOKEN -> "time_to_first_token";
          case TOTAL, OVERHEAD -> latency.span().name().toLowerCase(Locale.ROOT);
        });
    json.writeNumberField("count", latency.count());
    json.writeNumberField("sum_seconds", latency.sumNanos() / NANOS);
    for (int i = 0; i < QUANTILE_NAMES.size(); i++) {
      json.writeNumberField(
          QUANTILE_NAMES.get(i) + "_seconds", latency.quantileMicros().get(i) / MICROS);
    }
    json.writeEndObject();
  }

  private static void writeUsage(Reading reading, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("totals");
    writeTotals(reading.totals(), json);
    json.writeEndObject();
    writeRows("by_provider", reading.byProvider(), json);
    writeRows("by_model", reading.byModel(), json);
    writeRows("by_key", reading.byKey(), json);
    json.writeEndObject();
  }

  private static void writeRows(String field, List<UsageRow> rows, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (UsageRow row : rows) {
      json.writeStartObject();
      json.writeStringField("name", row.name());
      writeTotals(row.totals(), json);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeTotals(Totals totals, JsonGenerator json) throws IOException {
    json.writeNumberField("requests", totals.requests());
    json.writeNumberField("unpriced_requests", totals.unpriced());
    json.writeStringField("cost_usd", JsonText.usd(totals.costNanoUsd()));
    Reading.Tokens tokens = totals.tokens();
    json.writeObjectFieldStart("tokens");
    json.writeNumberField(TokenKind.INPUT.label(), tokens.input());
    json.writeNumberField(TokenKind.CACHED_INPUT.label(), tokens.cachedInput());
    json.writeNumberField(TokenKind.CACHE_WRITE.label(), tokens.cacheWrite());
    json.writeNumberField(TokenKind.OUTPUT.label(), tokens.output());
    json.writeNumberField(TokenKind.REASONING.label(), tokens.reasoning());
    json.writeEndObject();
  }
}
