package io.llmproxy.provider.wire;

/// What a reply says of its price, beside its token counts.
///
/// @param tier how urgently it was served
/// @param costTicks what the provider says it costs, in 10⁻¹⁰ dollars as xAI counts; −1 where it
///   says nothing
public record Billing(ServiceTier tier, long costTicks) {

  /// Nothing is said.
  public static final Billing STANDARD = new Billing(ServiceTier.STANDARD, -1);
}
