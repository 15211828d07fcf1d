package io.llmproxy.proxy.http;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/// Flushes each connection that was written to in one turn of an event loop once, at the turn's
/// end: what many streams brought leaves in one write.
public final class FlushTurn implements Runnable {

  /// A connection with bytes to send.
  public interface Connection {

    /// Sends what was written.
    void flushNow();
  }

  private static final Logger LOG = LogManager.getLogger(FlushTurn.class);

  private final EventLoop loop;
  private List<Connection> due = new ArrayList<>();
  private List<Connection> spare = new ArrayList<>();

  public FlushTurn(EventLoop loop) {
    this.loop = loop;
  }

  /// Flushes `connection` at the end of this turn. The caller sees to it that a connection is not
  /// added twice before it was flushed.
  public void add(Connection connection) {
    if (due.isEmpty()) {
      loop.execute(this);
    }
    due.add(connection);
  }

  @Override
  public void run() {
    List<Connection> now = due;
    due = spare;
    for (int i = 0; i < now.size(); i++) {
      flush(now.get(i));
    }
    now.clear();
    spare = now;
  }

  /// What goes wrong on one connection must not leave the others' bytes where they are.
  private static void flush(Connection connection) {
    try {
      connection.flushNow();
    } catch (RuntimeException e) {
      LOG.error("a connection could not be flushed", e);
    }
  }
}
