package io.llmproxy.proxy.cluster;

/// What a proxy says and asks of one shared limit, in the store's units.
///
/// @param floor the least that its lease can be, whatever the limit
/// @param committed used and held here
/// @param want what its lease is to be: less than it is gives back, more asks for more
/// @param need the least raise that is of use; 0 for any
/// @param standby what each proxy without a lease may use of it
/// @param ttlMillis how long the store keeps the limit's state
record Ask(
    Terms terms,
    Standing standing,
    long floor,
    long committed,
    long want,
    long need,
    long standby,
    long ttlMillis) {

  /// In the store's units.
  long limit() {
    return terms.limit() / terms.kind().unit();
  }
}
