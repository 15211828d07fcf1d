package io.llmproxy.provider.usage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.ServiceTier;

/// The fields of a reply that tell of its price; the one read last of each counts.
final class BillingFields {
  static final byte[] SERVICE_TIER = ascii("service_tier");
  static final byte[] COST_IN_USD_TICKS = ascii("cost_in_usd_ticks");

  private static final byte[] BATCH = ascii("batch");
  private static final byte[] FLEX = ascii("flex");
  private static final byte[] PRIORITY = ascii("priority");
  private static final byte[] FAST = ascii("fast");

  private ServiceTier tier = ServiceTier.STANDARD;
  private long costTicks = JsonCursor.ABSENT;

  /// Reads the name that `cursor` is at. Names that change no price, such as `default`, `auto`,
  /// `on_demand` or any that is not known, are the standard tier; null says nothing.
  void readTier(JsonCursor cursor) {
    if (cursor.readString()) {
      tier = tierOf(cursor);
    }
  }

  /// Reads the number that `cursor` is at.
  void readCost(JsonCursor cursor) {
    long ticks = cursor.readCount();
    if (ticks != JsonCursor.ABSENT) {
      costTicks = ticks;
    }
  }

  Billing billing() {
    return tier == ServiceTier.STANDARD && costTicks == JsonCursor.ABSENT
        ? Billing.STANDARD
        : new Billing(tier, costTicks);
  }

  private static ServiceTier tierOf(JsonCursor name) {
    if (name.is(FLEX)) {
      return ServiceTier.FLEX;
    }
    // What OpenAI is asked for as fast it echoes as priority.
    if (name.is(PRIORITY) || name.is(FAST)) {
      return ServiceTier.PRIORITY;
    }
    return name.is(BATCH) ? ServiceTier.BATCH : ServiceTier.STANDARD;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
