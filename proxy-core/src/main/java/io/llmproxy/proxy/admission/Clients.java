package io.llmproxy.proxy.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmproxy.proxy.budget.Budget;
import io.llmproxy.proxy.config.BudgetSettings;
import io.llmproxy.proxy.config.LimitSettings;
import io.llmproxy.proxy.config.RateSettings;
import io.llmproxy.proxy.limit.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// The callers' limits and budgets, made when a caller is first seen. Those of an address leave
/// when it has been idle for so long that its buckets are full and none of its requests can still
/// run; those of a key stay, for its budgets. Used by any thread.
final class Clients {

  private static final int MOST_KEPT = 1_000_000;

  /// Whose budgets metrics tell: as many keys have rows there.
  private static final int MOST_SHOWN = 1_000;

  private final LimitSettings limits;
  private final Budgets budgets;
  private final Scopes scopes;
  private final Cache<String, Client> addresses;
  private final Cache<String, Client> tokens;
  private final Map<String, Client> keys = new ConcurrentHashMap<>();
  private final Queue<Budget> shown = new ConcurrentLinkedQueue<>();
  private final AtomicInteger shownKeys = new AtomicInteger();

  /// @param longestExchange no request runs longer
  Clients(LimitSettings limits, Budgets budgets, Scopes scopes, Duration longestExchange) {
    this.limits = limits;
    this.budgets = budgets;
    this.scopes = scopes;
    this.addresses = leaving(longestExchange);
    this.tokens = leaving(longestExchange);
  }

  private static Cache<String, Client> leaving(Duration longestExchange) {
    return Caffeine.newBuilder()
        .maximumSize(MOST_KEPT)
        .expireAfterAccess(longestExchange.plusMinutes(2))
        .build();
  }

  /// The budgets of the keys that were seen first.
  Stream<Budget> shown() {
    return shown.stream();
  }

  /// Who comes from an address without a key.
  Client address(String address) {
    Client known = addresses.getIfPresent(address);
    return known == null
        ? addresses.get(address, name -> made(name, "address ", limits.perIp()))
        : known;
  }

  /// Who shows an issuer's token.
  Client token(String name, RateSettings rates, BudgetSettings budget) {
    if (!budget.equals(BudgetSettings.NONE)) {
      return key(name, rates, budget);
    }
    Client known = tokens.getIfPresent(name);
    return known == null
        ? tokens.get(name, each -> made(each, "token of ", rates.or(limits.perKey())))
        : known;
  }

  private Client made(String name, String kind, RateSettings rates) {
    return new Client(name, scopes.of(kind + name, rates), List.of());
  }

  /// Who shows a key.
  Client key(String name, RateSettings rates, BudgetSettings budget) {
    Client known = keys.get(name);
    return known == null ? keys.computeIfAbsent(name, _ -> made(name, rates, budget)) : known;
  }

  private Client made(String name, RateSettings rates, BudgetSettings budget) {
    Scope scope = scopes.of("key " + name, rates.or(limits.perKey()));
    List<Budget> own = budgets.ofKey(name, budget);
    if (!own.isEmpty() && shownKeys.getAndIncrement() < MOST_SHOWN) {
      shown.addAll(own);
    }
    return new Client(name, scope, own);
  }
}
