package io.llmproxy.proxy.route;

import io.llmproxy.provider.api.ProviderModel;
import io.llmproxy.provider.price.Price;
import io.llmproxy.proxy.config.ProviderSettings.OnDisconnect;
import io.llmproxy.proxy.config.Settings.Timeouts;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// Where a request may go: a provider and the name its model has there.
///
/// @param upstream index of the provider among the configured ones
/// @param price null where unknown
/// @param health shared by all routes that lead here
/// @param keys the provider's
/// @param keyRests until when each key is let alone here, 0 for not
/// @param repeats how often attempts at the provider may be repeated; shared by all its targets
public record Target(
    String provider,
    int upstream,
    ProviderModel providerModel,
    @Nullable Price price,
    Timeouts timeouts,
    OnDisconnect onDisconnect,
    TargetHealth health,
    Allowance repeats,
    Keys keys,
    AtomicLongArray keyRests) {

  /// The model's name at the provider.
  public String model() {
    return providerModel.name();
  }

  Target within(Timeouts others) {
    return new Target(
        provider,
        upstream,
        providerModel,
        price,
        others,
        onDisconnect,
        health,
        repeats,
        keys,
        keyRests);
  }

  /// The place of the key that a request with a prompt is to bear.
  public int key(long prompt, long now) {
    return keys.pick(prompt, keyRests, now);
  }

  /// An attempt that bears that key begins.
  public void begin(int key) {
    keys.begin(key);
    health.begin();
  }

  /// An attempt that has begun is over.
  public void end(int key) {
    keys.end(key);
    health.end();
  }

  /// Whether it is given as many attempts as it bears without becoming slow.
  boolean isFull() {
    return health.isFull();
  }

  /// Whether a key is let alone for now, here or at the provider as a whole.
  public boolean isResting(int key, long now) {
    return keys.isResting(key, keyRests, now);
  }

  /// How much longer a key is let alone, nanoseconds.
  public long restNanos(int key, long now) {
    return keys.rest(key, keyRests, now);
  }

  /// A key is let alone here for a while: limits are counted by model.
  public void rest(int key, long now, long nanos) {
    keyRests.set(key, Math.max(1, now + nanos));
  }
}
