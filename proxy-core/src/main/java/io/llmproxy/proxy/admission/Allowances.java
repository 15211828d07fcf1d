package io.llmproxy.proxy.admission;

import io.llmproxy.provider.price.Price;
import io.llmproxy.proxy.budget.Budget;
import io.llmproxy.proxy.budget.PeriodClock;
import io.llmproxy.proxy.cluster.Cluster;
import io.llmproxy.proxy.config.BudgetSettings;
import io.llmproxy.proxy.config.ProviderSettings;
import io.llmproxy.proxy.config.ProviderSettings.ModelSettings;
import io.llmproxy.proxy.config.RateSettings;
import io.llmproxy.proxy.config.RouteSettings.TargetSettings;
import io.llmproxy.proxy.config.Settings;
import io.llmproxy.proxy.config.Settings.Timeouts;
import io.llmproxy.proxy.config.SpendingSettings.OnUnpriced;
import io.llmproxy.proxy.ledger.Spent;
import io.llmproxy.proxy.limit.Scope;
import io.llmproxy.proxy.route.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All limits and budgets of a proxy. Used by any thread.
public final class Allowances {

  /// What a key has that is shared has a lease from the start, of so many keys.
  private static final int MOST_KEYS_AT_START = 10_000;

  private final Scope all;
  private final List<Budget> budgets;
  private final List<Place> places;
  private final Clients clients;
  private final PeriodClock clock;
  private final OnUnpriced onUnpriced;
  private final @Nullable Price dearest;
  private final boolean anyBudget;

  /// Those of a proxy that shares nothing.
  ///
  /// @param spent by earlier runs in the periods under way
  public Allowances(Settings settings, PeriodClock clock, Spent spent) {
    this(settings, clock, spent, null);
  }

  /// @param spent by earlier runs in the periods under way
  /// @param cluster whom all of it is shared with, null for nobody
  public Allowances(Settings settings, PeriodClock clock, Spent spent, @Nullable Cluster cluster) {
    this.clock = clock;
    Budgets made = new Budgets(clock, spent, cluster);
    Scopes scopes = new Scopes(cluster);
    this.all = scopes.of("all callers", settings.rateLimits().total());
    this.budgets = made.ofAll(settings.spending().budget());
    this.places = settings.providers().stream().map(each -> place(each, made, scopes)).toList();
    this.clients = new Clients(settings.rateLimits(), made, scopes, longest(settings));
    this.onUnpriced = settings.spending().onUnpriced();
    this.dearest = onUnpriced == OnUnpriced.CHARGE_CEILING ? settings.prices().dearest() : null;
    this.anyBudget =
        !budgets.isEmpty() || places.stream().anyMatch(place -> !place.budgets().isEmpty());
    if (cluster != null) {
      settings.access().keys().stream()
          .filter(key ->
              !key.budget().equals(BudgetSettings.NONE)
                  || !key.rates().or(settings.rateLimits().perKey()).equals(RateSettings.NONE))
          .limit(MOST_KEYS_AT_START)
          .forEach(key -> key(key.name(), key.rates(), key.budget()));
    }
  }

  private static Place place(ProviderSettings provider, Budgets budgets, Scopes scopes) {
    String name = "provider " + provider.name();
    Map<String, Scope> models = new HashMap<>();
    Map<String, Integer> maxOutputs = new HashMap<>();
    for (ModelSettings model : provider.models()) {
      if (!model.rates().equals(RateSettings.NONE)) {
        String owner = "model " + model.name();
        models.put(model.name(), scopes.of(owner, name + " " + owner, model.rates()));
      }
      if (model.maxOutputTokens() > 0) {
        maxOutputs.put(model.name(), model.maxOutputTokens());
      }
    }
    return new Place(
        scopes.of(name, provider.rates()),
        Map.copyOf(models),
        Map.copyOf(maxOutputs),
        budgets.ofProvider(provider.name(), provider.budget()));
  }

  private static Duration longest(Settings settings) {
    Stream<Timeouts> providers = settings.providers().stream().map(ProviderSettings::timeouts);
    Stream<Timeouts> targets =
        settings.routes().stream().flatMap(r -> r.targets().stream()).map(TargetSettings::timeouts);
    return Stream.concat(providers, targets)
        .map(Timeouts::total)
        .reduce(settings.timeouts().total(), (a, b) -> a.compareTo(b) > 0 ? a : b);
  }

  /// The caller that comes from an address, without a key.
  public Client address(String address) {
    return clients.address(address);
  }

  /// The caller that shows an issuer's token.
  public Client token(String name, RateSettings rates, BudgetSettings budget) {
    return clients.token(name, rates, budget);
  }

  /// The caller that shows a key.
  public Client key(String name, RateSettings rates, BudgetSettings budget) {
    return clients.key(name, rates, budget);
  }

  /// The budgets that metrics tell: all but those of keys beyond a thousand.
  public Stream<Budget> shown() {
    Stream<Budget> ofProviders = places.stream().flatMap(place -> place.budgets().stream());
    return Stream.concat(Stream.concat(budgets.stream(), ofProviders), clients.shown());
  }

  /// By the clock of periods, Unix time.
  public long nowMillis() {
    return clock.millis();
  }

  boolean anyBudget() {
    return anyBudget;
  }

  Scope all() {
    return all;
  }

  List<Budget> budgets() {
    return budgets;
  }

  Place place(Target target) {
    return places.get(target.upstream());
  }

  PeriodClock clock() {
    return clock;
  }

  OnUnpriced onUnpriced() {
    return onUnpriced;
  }

  /// What is charged for `target`, null where nobody knows.
  public @Nullable Price price(Target target) {
    return target.price() == null ? dearest : target.price();
  }

  Ceiling ceiling(Price price, Target target, Demand demand) {
    boolean open = demand.mostOutput() < 0;
    return new Ceiling(price, demand, open ? maxOutput(target) : demand.mostOutput(), open);
  }

  private long maxOutput(Target target) {
    Integer configured = place(target).maxOutputs().get(target.model());
    return configured == null ? Ceiling.UNKNOWN_MODEL_OUTPUT : configured;
  }
}
