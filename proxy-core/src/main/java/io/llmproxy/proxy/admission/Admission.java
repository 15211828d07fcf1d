package io.llmproxy.proxy.admission;

import io.llmproxy.provider.price.Price;
import io.llmproxy.proxy.config.SpendingSettings.OnUnpriced;
import io.llmproxy.proxy.ledger.Entry;
import io.llmproxy.proxy.ledger.Lane;
import io.llmproxy.proxy.limit.Refusal;
import io.llmproxy.proxy.limit.Scope;
import io.llmproxy.proxy.route.Target;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where the requests of one event loop are let in or refused, by limits and budgets that all loops
/// share; without a lock, and without waiting for anything.
public final class Admission {

  /// What an answer is likely to be where nobody has said: for limits of tokens.
  private static final int LIKELY_OUTPUT = 512;

  private final Allowances allowances;
  private final @Nullable Lane lane;
  private final boolean strict;
  private final Spares<Reservation> reservations = new Spares<>();
  private final Spares<Share> shares = new Spares<>();
  private final Denials denials = new Denials();

  /// @param lane of the ledger; null where none is kept
  /// @param strict whether a reply's end waits until its settlement is on disk
  public Admission(Allowances allowances, @Nullable Lane lane, boolean strict) {
    this.strict = strict;
    this.allowances = allowances;
    this.lane = lane;
  }

  /// What is to be set aside for a request; nothing is, yet.
  public Reservation reservation(Client client, String requestId, Demand demand) {
    Reservation spare = reservations.take();
    Reservation reservation = spare == null ? new Reservation(this) : spare;
    reservation.open(client, requestId, demand);
    return reservation;
  }

  /// Whether requests of `client` need a bound of what they cost.
  public boolean isBounded(Client client) {
    return allowances.anyBudget() || !client.budgets().isEmpty();
  }

  /// Whether a reply's end waits until its settlement is on disk.
  public boolean isStrict() {
    return strict && lane != null;
  }

  /// Runs `then` on `executor` once what has been settled is on disk, where that is asked for; else
  /// here and now. It is told false where it could not be written.
  public void whenDurable(Executor executor, Consumer<Boolean> then) {
    if (isStrict()) {
      lane().whenDurable(executor, then);
    } else {
      then.accept(true);
    }
  }

  /// How often attempts were not let in.
  public Denials denials() {
    return denials;
  }

  public Allowances allowances() {
    return allowances;
  }

  /// Tokens that a request is likely to come to.
  long likelyTokens(Demand demand) {
    if (!demand.hasOutput()) {
      return demand.likelyInput();
    }
    long output = demand.mostOutput() < 0 ? LIKELY_OUTPUT : demand.mostOutput();
    return demand.likelyInput() + Math.min(output, LIKELY_OUTPUT) * Math.min(demand.choices(), 128);
  }

  Scope all() {
    return allowances.all();
  }

  Lane lane() {
    if (lane == null) {
      throw new IllegalStateException("no ledger is kept");
    }
    return lane;
  }

  long nowMillis() {
    return allowances.clock().millis();
  }

  Decision share(Reservation reservation, Target target, long now) {
    Place place = allowances.place(target);
    Scope model = place.model(target.model());
    long tokens = reservation.tokens();
    Refusal refusal = place.scope().take(tokens, now);
    if (refusal != null) {
      return new Denial.Limited(refusal, false);
    }
    refusal = model == null ? null : model.take(tokens, now);
    if (refusal != null) {
      place.scope().giveBack(tokens);
      return new Denial.Limited(refusal, false);
    }
    Share spare = shares.take();
    Share share = spare == null ? new Share(this) : spare;
    Decision decision = hold(reservation, target, share);
    if (decision instanceof Denial) {
      rest(share);
      place.scope().giveBack(tokens);
      if (model != null) {
        model.giveBack(tokens);
      }
    }
    return decision;
  }

  private Decision hold(Reservation reservation, Target target, Share share) {
    Place place = allowances.place(target);
    Hold hold = share.hold();
    long nowMillis = nowMillis();
    hold.look(reservation.client().budgets(), place.budgets(), allowances.budgets(), nowMillis);
    long limitedTo = -1;
    if (hold.applies()) {
      Price price = allowances.price(target);
      if (price == null && allowances.onUnpriced() != OnUnpriced.ALLOW) {
        return new Denial.Unpriced(target.provider(), target.model());
      }
      if (price != null) {
        Ceiling ceiling = allowances.ceiling(price, target, reservation.demand());
        limitedTo = ceiling.limitedTo(hold.left());
        Denial denial =
            hold.take(ceiling.nanoUsd(limitedTo > 0 ? limitedTo : ceiling.mostOutput()));
        if (denial != null) {
          return denial;
        }
      }
    }
    boolean recorded = lane != null && !reservation.demand().isFree();
    long recordId = recorded ? record(reservation, target, hold.nanoUsd(), nowMillis) : Lane.FULL;
    if (recorded && recordId == Lane.FULL) {
      hold.settle(0);
      return new Denial.Unrecorded();
    }
    share.open(reservation, place.scope(), place.model(target.model()), limitedTo, recordId);
    return share;
  }

  private long record(Reservation reservation, Target target, long held, long nowMillis) {
    return lane()
        .reserve(
            new Entry(
                reservation.requestId(),
                reservation.attempts() + 1,
                reservation.client().name(),
                target.provider(),
                target.model(),
                held,
                nowMillis));
  }

  void rest(Share ended) {
    shares.rest(ended);
  }

  void rest(Reservation ended) {
    reservations.rest(ended);
  }
}
