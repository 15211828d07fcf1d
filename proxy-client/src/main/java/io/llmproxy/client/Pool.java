package io.llmproxy.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The connections to one endpoint, and whether it is well. Used on the event loop.
///
/// Over HTTP/2 there are at most so many as were asked for, the second opened when the first is in
/// use; each request takes the one that carries the fewest. Over HTTP/1.1 each request that runs
/// has its own.
final class Pool {

  /// More are not opened at once over HTTP/1.1.
  private static final int MOST_HTTP1 = 256;

  private static final long FIRST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_REST_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Endpoint endpoint;
  private final Transport transport;
  private final List<Link> links = new ArrayList<>();
  private final List<Opening> openings = new ArrayList<>();
  private final ArrayDeque<Sending> waiting = new ArrayDeque<>();
  private boolean http1;
  private boolean closed;
  private boolean drains;

  /// Whether its replies come from a proxy: null while none has come.
  private @Nullable Boolean proxy;

  private int failures;
  private long restUntilNanos;

  Pool(Endpoint endpoint, Transport transport) {
    this.endpoint = endpoint;
    this.transport = transport;
    this.http1 = endpoint.version() == HttpVersion.HTTP_1_1;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  boolean isHttp1() {
    return http1;
  }

  /// Whether it may be asked: it did not fail of late, or it is time to try it again. Says yes to
  /// one in a while then.
  boolean isWell(long nowNanos) {
    if (failures == 0) {
      return true;
    }
    if (nowNanos - restUntilNanos < 0) {
      return false;
    }
    restUntilNanos = nowNanos + restNanos();
    failures++;
    return true;
  }

  private long restNanos() {
    return Math.min(LONGEST_REST_NANOS, FIRST_REST_NANOS << Math.min(10, failures));
  }

  /// It could not be reached, was lost, or is about to end; what is known already counts once.
  void failed(long nowNanos) {
    if (failures > 0 && nowNanos - restUntilNanos < 0) {
      return;
    }
    restUntilNanos = nowNanos + restNanos();
    failures++;
  }

  /// It replied.
  void replied(boolean byProxy) {
    failures = 0;
    proxy = byProxy;
  }

  /// Whether what is sent there makes one attempt at a provider, and not several.
  boolean isDirect() {
    return Boolean.FALSE.equals(proxy);
  }

  void send(Sending sending) {
    if (closed) {
      sending.lost("the client is closed", true);
      return;
    }
    Link link = freest();
    if (link == null) {
      waiting.add(sending);
    } else {
      link.send(sending);
    }
    if (link == null || link.load() > 1) {
      openMore();
    }
  }

  private @Nullable Link freest() {
    Link best = null;
    for (Link link : links) {
      if (link.hasRoom() && (best == null || link.load() < best.load())) {
        best = link;
      }
    }
    return best;
  }

  private void openMore() {
    int open = links.size() + openings.size();
    boolean more =
        http1
            ? waiting.size() > openings.size() && open < MOST_HTTP1
            : open < transport.connections()
                && (openings.isEmpty() || waiting.size() > openings.size());
    if (more && !closed) {
      Opening opening = new Opening(this, transport);
      openings.add(opening);
      opening.begin();
    }
  }

  /// No longer wanted, wherever it is by now.
  void cancel(Sending sending) {
    sending.over = true;
    Link link = sending.link;
    if (link != null) {
      link.cancel(sending);
    } else {
      waiting.remove(sending);
    }
  }

  /// `link` takes requests from now on.
  void ready(Link link) {
    openings.removeIf(opening -> {
      boolean its = opening.made(link);
      if (its) {
        opening.succeed();
      }
      return its;
    });
    links.add(link);
    roomAgain();
  }

  /// A request has ended somewhere.
  void roomAgain() {
    if (waiting.isEmpty() || drains) {
      return;
    }
    drains = true;
    // What waits is spread over the connections that are about to be open, too.
    int share =
        openings.isEmpty()
            ? waiting.size()
            : Math.ceilDiv(waiting.size(), links.size() + openings.size());
    Link link = freest();
    for (int i = 0; i < share && link != null && !waiting.isEmpty(); i++) {
      link.send(waiting.remove());
      link = freest();
    }
    drains = false;
    if (!waiting.isEmpty()) {
      openMore();
    }
  }

  /// `link` takes no more.
  void leaving(Link link) {
    links.remove(link);
    if (!waiting.isEmpty()) {
      openMore();
    }
  }

  /// @param abrupt whether it ended with what it carried
  void closed(Link link, boolean abrupt) {
    if (abrupt) {
      failed(System.nanoTime());
    }
    links.remove(link);
    for (Opening opening : List.copyOf(openings)) {
      if (opening.made(link)) {
        opening.fail("closed the connection at once");
      }
    }
    if (!waiting.isEmpty()) {
      openMore();
    }
  }

  /// ALPN chose HTTP/1.1.
  void choseHttp1() {
    http1 = true;
  }

  /// The endpoint answered in something else than HTTP/2.
  void speaksHttp1(Link link) {
    if (endpoint.version() == HttpVersion.AUTO && !endpoint.isTls()) {
      http1 = true;
    }
    closed(link, false);
  }

  /// An opening came to nothing.
  void unopened(Opening opening, String why) {
    openings.remove(opening);
    if (freest() != null) {
      roomAgain();
    }
    if (!openings.isEmpty() || !links.isEmpty() || waiting.isEmpty()) {
      return;
    }
    if (http1 && !opening.wasHttp1()) {
      // It answered, though not by HTTP/2.
      openMore();
      return;
    }
    failed(System.nanoTime());
    List<Sending> lost = new ArrayList<>(waiting);
    waiting.clear();
    lost.forEach(sending -> sending.lost(why, true));
  }

  void close() {
    closed = true;
    List.copyOf(links).forEach(Link::close);
    List.copyOf(openings).forEach(opening -> opening.fail("was given up: the client is closed"));
    List<Sending> lost = new ArrayList<>(waiting);
    waiting.clear();
    lost.forEach(sending -> sending.lost("the client is closed", true));
  }
}
