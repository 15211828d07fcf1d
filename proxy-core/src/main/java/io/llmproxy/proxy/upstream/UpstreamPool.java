package io.llmproxy.proxy.upstream;

import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.FlushTurn;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/// The connections of one event loop to one upstream. Used on that loop alone.
///
/// Over HTTP/1.1 a connection carries one attempt and then waits to be used again, last in first
/// out; over HTTP/2 one carries many, and a further one is opened when all are full.
public final class UpstreamPool {

  private static final Logger LOG = LogManager.getLogger(UpstreamPool.class);
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(50);
  private static final int STREAMS_PER_NEW_CONNECTION = 100;
  private static final int MOST_RESENDS = 3;

  private final EventLoop loop;
  private final FlushTurn flushTurn;
  private final Upstream upstream;
  private final Connector connector;
  private final int maxConnections;

  private final Deque<Attempt> waiting = new ArrayDeque<>();
  private final Deque<Http1Upstream> idle = new ArrayDeque<>();
  private final List<Http2Upstream> shared = new ArrayList<>();
  private int connecting;
  private int open;
  private boolean http1;
  private boolean closed;

  /// @param maxConnections to this upstream from this loop
  public UpstreamPool(
      EventLoop loop, FlushTurn flushTurn, Connector connector, int maxConnections) {
    this.loop = loop;
    this.flushTurn = flushTurn;
    this.upstream = connector.upstream();
    this.connector = connector;
    this.maxConnections = maxConnections;
    this.http1 = connector.isHttp1Only();
  }

  /// Starts an attempt; the listener is told of everything that follows, never before this returns.
  public Attempt start(UpstreamRequest request, ReplyListener listener) {
    Attempt attempt = new Attempt(request, listener);
    dispatch(attempt);
    return attempt;
  }

  /// Connections open or being opened.
  public int connections() {
    return open + connecting;
  }

  /// Closes connections that have carried nothing for a while.
  public void closeIdle(long nowNanos) {
    while (!idle.isEmpty() && nowNanos - idle.getFirst().idleSinceNanos() > IDLE_NANOS) {
      idle.removeFirst().retire();
    }
    for (Http2Upstream connection : List.copyOf(shared)) {
      if (connection.isIdle() && nowNanos - connection.idleSinceNanos() > IDLE_NANOS) {
        shared.remove(connection);
        connection.retire();
      }
    }
  }

  /// Takes no more attempts and ends connections as they become free.
  public void close() {
    closed = true;
    idle.forEach(Http1Upstream::retire);
    idle.clear();
    shared.forEach(Http2Upstream::retire);
    shared.clear();
  }

  FlushTurn flushTurn() {
    return flushTurn;
  }

  /// Where its connections lead.
  public Upstream upstream() {
    return upstream;
  }

  /// Sends `attempt` again on another connection: its own was dead, or refused it, before any byte
  /// of a reply. Returns false where it was sent again often enough.
  boolean resend(Attempt attempt) {
    if (closed || attempt.over || attempt.replied || attempt.resends >= MOST_RESENDS) {
      return false;
    }
    attempt.resends++;
    attempt.connection = null;
    attempt.stream = null;
    loop.execute(() -> dispatchUnlessOver(attempt));
    return true;
  }

  void connected(UpstreamConnection connection) {
    connecting--;
    open++;
    switch (connection) {
      case Http1Upstream one -> {
        http1 = true;
        idle.addLast(one);
      }
      case Http2Upstream many -> {
        http1 = false;
        shared.add(many);
      }
      default -> throw new IllegalStateException("connection: " + connection);
    }
    serveWaiting();
  }

  void connectFailed(Throwable cause) {
    connecting--;
    LOG.warn(
        "{}: no connection to {}:{}: {}",
        upstream.name(),
        upstream.host(),
        upstream.port(),
        cause.toString());
    Failure failure =
        new Failure(
            FailureKind.UPSTREAM_UNREACHABLE,
            "provider " + upstream.name() + " cannot be reached; try again shortly");
    boolean all = connecting == 0;
    Attempt attempt = nextWaiting();
    while (attempt != null) {
      attempt.over = true;
      attempt.listener.onFailure(failure);
      attempt = all ? nextWaiting() : null;
    }
  }

  /// An HTTP/1.1 connection has finished its attempt and may carry another.
  void released(Http1Upstream connection) {
    if (closed) {
      connection.retire();
      return;
    }
    idle.addLast(connection);
    serveWaiting();
  }

  /// An HTTP/2 connection has room again.
  void roomAgain() {
    if (!waiting.isEmpty()) {
      serveWaiting();
    }
  }

  /// Likewise, once the event at hand is dealt with.
  void roomAgainSoon() {
    if (!waiting.isEmpty()) {
      loop.execute(this::serveWaiting);
    }
  }

  /// An HTTP/2 connection takes no more attempts.
  void leaving(Http2Upstream connection) {
    shared.remove(connection);
  }

  void disconnected(UpstreamConnection connection) {
    open--;
    if (connection instanceof Http1Upstream one) {
      idle.remove(one);
    } else {
      shared.remove(connection);
    }
    serveWaiting();
  }

  private void dispatchUnlessOver(Attempt attempt) {
    if (!attempt.over) {
      dispatch(attempt);
    }
  }

  private void dispatch(Attempt attempt) {
    UpstreamConnection free = free();
    if (free != null) {
      free.send(attempt);
    } else {
      waiting.addLast(attempt);
      connectMore();
    }
  }

  private void serveWaiting() {
    UpstreamConnection free = waiting.isEmpty() ? null : free();
    while (free != null) {
      Attempt attempt = nextWaiting();
      if (attempt == null) {
        giveBack(free);
        return;
      }
      free.send(attempt);
      free = waiting.isEmpty() ? null : free();
    }
    connectMore();
  }

  private void giveBack(UpstreamConnection free) {
    if (free instanceof Http1Upstream one) {
      idle.addLast(one);
    }
  }

  private @Nullable Attempt nextWaiting() {
    Attempt attempt = waiting.pollFirst();
    while (attempt != null && attempt.over) {
      attempt = waiting.pollFirst();
    }
    return attempt;
  }

  private @Nullable UpstreamConnection free() {
    for (Http2Upstream connection : shared) {
      if (connection.hasRoom()) {
        return connection;
      }
    }
    Http1Upstream connection = idle.pollLast();
    while (connection != null && !connection.hasRoom()) {
      connection = idle.pollLast();
    }
    return connection;
  }

  private void connectMore() {
    while (!waiting.isEmpty() && needsConnection() && connections() < maxConnections) {
      connecting++;
      connector.connect(loop, this);
    }
  }

  private boolean needsConnection() {
    int each = http1 ? 1 : STREAMS_PER_NEW_CONNECTION;
    return (long) connecting * each < waiting.size();
  }
}
