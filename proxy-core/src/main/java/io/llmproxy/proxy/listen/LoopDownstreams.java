package io.llmproxy.proxy.listen;

import io.llmproxy.proxy.config.Settings.Limits;
import io.llmproxy.proxy.exchange.ExchangeServices;
import io.llmproxy.proxy.http.FlushTurn;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// The callers' connections of one event loop, and what each of them needs. Used on that loop
/// alone.
public final class LoopDownstreams {

  private final ExchangeServices services;
  private final FlushTurn flushTurn;
  private final Set<Downstream> open = Collections.newSetFromMap(new IdentityHashMap<>());

  public LoopDownstreams(ExchangeServices services, FlushTurn flushTurn) {
    this.services = services;
    this.flushTurn = flushTurn;
  }

  ExchangeServices services() {
    return services;
  }

  FlushTurn flushTurn() {
    return flushTurn;
  }

  Limits limits() {
    return services.limits();
  }

  /// Whether the proxy says that it drains: what an answer tells and what its connection then does
  /// are read from one place.
  boolean isDraining() {
    return services.local().isDraining();
  }

  /// How many are open.
  public int size() {
    return open.size();
  }

  void add(Downstream connection) {
    open.add(connection);
  }

  void remove(Downstream connection) {
    open.remove(connection);
  }

  /// Ends those that have been idle for too long.
  public void closeIdle() {
    long now = System.nanoTime();
    for (Downstream connection : List.copyOf(open)) {
      connection.check(now);
    }
  }

  /// Lets every connection end once its requests are answered. One that is opened later is answered
  /// one request, so that who asks for the proxy's health is told.
  public void drain() {
    for (Downstream connection : List.copyOf(open)) {
      connection.drain();
    }
  }

  /// Ends every connection now.
  public void closeAll() {
    for (Downstream connection : List.copyOf(open)) {
      connection.close();
    }
  }
}
