package io.llmproxy.proxy.config;

/// The limits of callers.
///
/// @param perIp of each address that callers without a key come from
/// @param perKey of each key that has none of its own
/// @param total of all callers together
public record LimitSettings(RateSettings perIp, RateSettings perKey, RateSettings total) {

  /// No limit.
  public static final LimitSettings NONE =
      new LimitSettings(RateSettings.NONE, RateSettings.NONE, RateSettings.NONE);
}
