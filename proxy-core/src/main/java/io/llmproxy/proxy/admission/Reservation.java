package io.llmproxy.proxy.admission;

import io.llmproxy.proxy.limit.Refusal;
import io.llmproxy.proxy.limit.Scope;
import io.llmproxy.proxy.route.Target;
import org.jspecify.annotations.Nullable;

/// What is set aside for one request: of its caller's limits and those of all callers, once; and
/// for each of its attempts a [Share]. Begins with the first attempt that may be made, ends once,
/// and is then used again for other requests. Belongs to one event loop.
public final class Reservation {

  private final Admission admission;
  private @Nullable Client client;
  private String requestId = "";
  private Demand demand = Demand.FREE;
  private long tokens;
  private boolean begun;
  private long spentTokens;
  private int attempts;

  Reservation(Admission admission) {
    this.admission = admission;
  }

  /// Becomes what is to be set aside for a request.
  void open(Client newClient, String newRequestId, Demand newDemand) {
    client = newClient;
    requestId = newRequestId;
    demand = newDemand;
    tokens = admission.likelyTokens(newDemand);
    begun = false;
    spentTokens = 0;
    attempts = 0;
  }

  /// Sets aside what an attempt at `target` needs, and with the first one what the request does: of
  /// all limits and budgets, or of none.
  public Decision attempt(Target target, long now) {
    Denial denial = begun ? null : begin(now);
    if (denial != null) {
      admission.denials().count(denial);
      return denial;
    }
    boolean first = !begun;
    begun = true;
    Decision decision = admission.share(this, target, now);
    switch (decision) {
      case Share _ -> attempts++;
      case Denial denied -> {
        admission.denials().count(denied);
        if (first) {
          takeBack();
        }
      }
    }
    return decision;
  }

  private void takeBack() {
    begun = false;
    client().scope().giveBack(tokens);
    admission.all().giveBack(tokens);
  }

  private @Nullable Denial begin(long now) {
    Scope own = client().scope();
    Refusal refusal = own.take(tokens, now);
    if (refusal != null) {
      return new Denial.Limited(refusal, true);
    }
    refusal = admission.all().take(tokens, now);
    if (refusal != null) {
      own.giveBack(tokens);
      return new Denial.Limited(refusal, true);
    }
    return null;
  }

  /// The request is over, and so are all its attempts.
  public void end() {
    Scope own = client().scope();
    client = null;
    if (begun) {
      long more = spentTokens - tokens;
      own.end(more);
      admission.all().end(more);
    }
    admission.rest(this);
  }

  void add(long tokensOfShare) {
    spentTokens += tokensOfShare;
  }

  /// The limits that the caller is told of: its own, else those of all callers, if there are any.
  public @Nullable Scope told() {
    Scope own = client().scope();
    if (own.isLimited()) {
      return own;
    }
    return admission.all().isLimited() ? admission.all() : null;
  }

  /// How many tokens the prompt is likely to have.
  public long likelyInput() {
    return demand.likelyInput();
  }

  Client client() {
    if (client == null) {
      throw new IllegalStateException("a reservation that has ended");
    }
    return client;
  }

  String requestId() {
    return requestId;
  }

  Demand demand() {
    return demand;
  }

  /// How many attempts were begun.
  int attempts() {
    return attempts;
  }

  long tokens() {
    return tokens;
  }
}
