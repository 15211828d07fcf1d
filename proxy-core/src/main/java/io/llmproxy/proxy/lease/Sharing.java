package io.llmproxy.proxy.lease;

/// Where limits become shared with other proxies. Any thread.
///
/// What is lent at once is so little that all proxies together stay within the limit; the rest
/// comes from the lender.
public interface Sharing {

  /// Units that come back at an even rate.
  ///
  /// @param key the same in every proxy, and of no other limit
  /// @param limit units a minute, of all proxies together
  /// @param least that is of any use to a request
  Lender shareRate(String key, long limit, long least, Lease lease);

  /// Units that come back when they are given back.
  ///
  /// @param key the same in every proxy, and of no other limit
  /// @param limit units at once, of all proxies together
  Lender shareSlots(String key, long limit, Lease lease);
}
