package io.llmproxy.client;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// What the calls of one client share. Used on its event loop, but for [#begin] and [#close].
final class Core implements AutoCloseable {

  private static final String CLOSED = "the client is closed";

  private final Transport transport;
  private final List<Pool> pools = new ArrayList<>();
  private final RetryPolicy policy;
  private final Allowance allowance;
  private final boolean spreads;
  private final String name;
  private final Set<Call> calls = new HashSet<>();
  private int next;
  private long count;
  private boolean closed;

  /// @param spreads whether calls begin with each endpoint in turn, and not with the first
  Core(Transport transport, List<Endpoint> endpoints, RetryPolicy policy, boolean spreads) {
    this.transport = transport;
    this.policy = policy;
    this.spreads = spreads;
    this.allowance = new Allowance(policy.percent());
    this.name = "c" + Long.toHexString(ThreadLocalRandom.current().nextLong() >>> 16);
    endpoints.forEach(endpoint -> pools.add(new Pool(endpoint, transport)));
  }

  Transport transport() {
    return transport;
  }

  RetryPolicy policy() {
    return policy;
  }

  Allowance allowance() {
    return allowance;
  }

  /// Begins a call; on any thread.
  Call begin(Ask ask, Reception reception) {
    Call call = new Call(this, ask, reception);
    try {
      transport.loop().execute(() -> start(call));
    } catch (RejectedExecutionException _) {
      reception.fail(new LlmException.Cancelled(CLOSED, new LlmException.Details(0, "", name, 0)));
    }
    return call;
  }

  private void start(Call call) {
    if (closed) {
      call.cancel(CLOSED);
    } else {
      calls.add(call);
      call.begin(name + "-" + Long.toHexString(count++));
    }
  }

  void ended(Call call) {
    calls.remove(call);
  }

  /// Where a call's tries begin.
  int firstEndpoint() {
    return spreads ? Math.floorMod(next++, pools.size()) : 0;
  }

  /// The endpoint that is to be asked: of those that are well the first from `from` on that is not
  /// among `others`; else one of `others`. Null where none is well.
  @Nullable Pool pick(int from, Set<Pool> others, long nowNanos) {
    Pool best = null;
    for (int i = 0; i < pools.size(); i++) {
      Pool pool = pools.get((from + i) % pools.size());
      if (!others.contains(pool) && pool.isWell(nowNanos)) {
        return pool;
      }
    }
    for (Pool pool : others) {
      best = best == null && pool.isWell(nowNanos) ? pool : best;
    }
    return best;
  }

  /// How many endpoints there are.
  int endpoints() {
    return pools.size();
  }

  @Override
  public void close() {
    transport
        .loop()
        .execute(() -> {
          closed = true;
          List.copyOf(calls).forEach(call -> call.cancel("the client was closed"));
          pools.forEach(Pool::close);
        });
    transport.close();
  }
}
