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
/// out. Over HTTP/2 one carries many: they are filled in turn, so that those that are not needed
/// fall idle and writes share a flush, and a further one is opened before all are full, or where
/// the peer takes nothing more on any of them for now: one long body that it reads slowly would
/// hold up all that came after.
public final class UpstreamPool {

  private static final Logger LOG = LogManager.getLogger(UpstreamPool.class);
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(50);

  /// After a connection could not be opened ahead of need, no other is for so long.
  private static final long AHEAD_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final int STREAMS_UNTIL_TOLD = 100;
  private static final int MOST_RESENDS = 3;

  private final EventLoop loop;
  private final FlushTurn flushTurn;
  private final Upstream upstream;
  private final Connector connector;
  private final int maxConnections;

  private final Deque<Attempt> waiting = new ArrayDeque<>();
  private final Deque<Http1Upstream> idle = new ArrayDeque<>();
  private final List<Http2Upstream> shared = new ArrayList<>();
  private final List<Http2Upstream> leaving = new ArrayList<>();
  private int streamsAtFirst = STREAMS_UNTIL_TOLD;
  private long noneAheadUntilNanos = System.nanoTime();
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

  /// Looks after its connections; to be called about once a second. Closes what is idle or old,
  /// gives up what is dead, and ends attempts that waited too long for a connection to be opened.
  public void tend(long nowNanos) {
    idle.removeIf(connection -> isSpent(connection, nowNanos));
    for (Http2Upstream connection : List.copyOf(shared)) {
      if (connection.isIdle() && nowNanos - connection.idleSinceNanos() > IDLE_NANOS) {
        shared.remove(connection);
        connection.retire();
      } else if (connection.isOld(nowNanos)) {
        connection.leave();
      }
    }
    List.copyOf(leaving).forEach(connection -> connection.watch(nowNanos));
    List.copyOf(shared).forEach(connection -> connection.watch(nowNanos));
    endLongWaits(nowNanos);
  }

  private static boolean isSpent(Http1Upstream connection, long nowNanos) {
    boolean spent =
        nowNanos - connection.idleSinceNanos() > IDLE_NANOS || connection.isOld(nowNanos);
    if (spent) {
      connection.retire();
    }
    return spent;
  }

  /// Where no connection is being opened, only those under way can serve who waits, and the
  /// exchange's own deadlines hold.
  private void endLongWaits(long nowNanos) {
    long most = connector.connectTimeout().toNanos();
    Attempt first = waiting.peekFirst();
    while (first != null
        && (first.over || (connecting > 0 && nowNanos - first.waitingSinceNanos > most))) {
      waiting.removeFirst();
      if (!first.over) {
        fail(first, FailureKind.UPSTREAM_UNREACHABLE);
      }
      first = waiting.peekFirst();
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
    attempt.detach();
    loop.execute(() -> dispatchUnlessOver(attempt));
    return true;
  }

  void connected(UpstreamConnection connection) {
    connecting--;
    open++;
    if (closed) {
      connection.retire();
      return;
    }
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

  void connectFailed(FailureKind kind, Throwable cause) {
    connecting--;
    noneAheadUntilNanos = System.nanoTime() + AHEAD_PAUSE_NANOS;
    LOG.warn(
        "{}: no connection to {}:{}: {}",
        upstream.name(),
        upstream.host(),
        upstream.port(),
        cause.toString());
    serve();
    // Those who wait now; who is told may start another attempt, which is to have its own chance.
    int most = connecting > 0 || (http1 && open > 0) ? 1 : waiting.size();
    for (int i = 0; i < most; i++) {
      Attempt attempt = nextWaiting();
      if (attempt != null) {
        fail(attempt, kind);
      }
    }
    connectMore();
  }

  private void fail(Attempt attempt, FailureKind kind) {
    String what =
        kind == FailureKind.UPSTREAM_TLS
            ? " was refused: its TLS handshake failed (certificate, name or version)"
            : " cannot be reached; try again shortly";
    attempt.over = true;
    attempt.listener.onFailure(new Failure(kind, "provider " + upstream.name() + what));
  }

  /// How many streams a connection may have before its peer has said so: at most what the one
  /// before was allowed.
  int streamsAtFirst() {
    return streamsAtFirst;
  }

  /// A peer allows so many streams on a connection.
  void allowed(long streams) {
    streamsAtFirst = Math.clamp(streams, 1, STREAMS_UNTIL_TOLD);
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
    if (shared.remove(connection)) {
      leaving.add(connection);
    }
  }

  void disconnected(UpstreamConnection connection) {
    open--;
    if (connection instanceof Http1Upstream one) {
      idle.remove(one);
    } else {
      shared.remove(connection);
      leaving.remove(connection);
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
      send(free, attempt);
    } else {
      attempt.waitingSinceNanos = System.nanoTime();
      waiting.addLast(attempt);
      connectMore();
    }
  }

  private void send(UpstreamConnection free, Attempt attempt) {
    free.send(attempt);
    if (free instanceof Http2Upstream many && many.isCrowded()) {
      connectAhead();
    }
  }

  /// Opens another connection where each that can take attempts is three quarters full.
  private void connectAhead() {
    for (int i = 0; i < shared.size(); i++) {
      if (shared.get(i).hasRoom() && !shared.get(i).isCrowded()) {
        return;
      }
    }
    if (connecting == 0 && mayConnectAhead()) {
      connect();
    }
  }

  private boolean mayConnectAhead() {
    return !closed
        && connections() < maxConnections
        && System.nanoTime() - noneAheadUntilNanos >= 0;
  }

  private void serveWaiting() {
    serve();
    connectMore();
  }

  private void serve() {
    UpstreamConnection free = waiting.isEmpty() ? null : free();
    while (free != null) {
      Attempt attempt = nextWaiting();
      if (attempt == null) {
        giveBack(free);
        return;
      }
      send(free, attempt);
      free = waiting.isEmpty() ? null : free();
    }
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
    Http2Upstream least = null;
    Http2Upstream blocked = null;
    for (int i = 0; i < shared.size(); i++) {
      Http2Upstream each = shared.get(i);
      if (each.hasRoom() && each.isBlocked()) {
        blocked = least(blocked, each);
      } else if (each.hasRoom()) {
        if (!each.isCrowded()) {
          return each;
        }
        least = least(least, each);
      }
    }
    if (least != null) {
      return least;
    }
    if (blocked != null && !mayConnectAhead()) {
      return blocked;
    }
    Http1Upstream connection = idle.pollLast();
    while (connection != null && !connection.hasRoom()) {
      connection = idle.pollLast();
    }
    return connection;
  }

  private static Http2Upstream least(@Nullable Http2Upstream one, Http2Upstream other) {
    return one == null || other.streams() < one.streams() ? other : one;
  }

  private void connectMore() {
    while (!waiting.isEmpty() && needsConnection() && connections() < maxConnections) {
      connect();
    }
  }

  private void connect() {
    connecting++;
    connector.connect(loop, this);
  }

  private boolean needsConnection() {
    int each = http1 ? 1 : streamsAtFirst;
    return (long) connecting * each < waiting.size();
  }
}
