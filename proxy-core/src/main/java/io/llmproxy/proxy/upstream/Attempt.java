package io.llmproxy.proxy.upstream;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/// One try of an exchange at one target. Belongs to one event loop.
public final class Attempt implements ChannelFutureListener {

  final UpstreamRequest request;
  final ReplyListener listener;

  /// The connection that carries it; null while it waits for one and when it is over.
  @Nullable UpstreamConnection connection;

  /// Its stream where the connection is HTTP/2.
  @Nullable Http2Stream stream;

  /// Bytes given to the listener for which the provider has not been granted new window.
  int unconsumedBytes;

  boolean paused;
  boolean over;
  boolean replied;

  /// Whether it stands in its connection's list of attempts to be told of the batch's end.
  boolean touched;

  /// Whether the request's last byte is known to be with the kernel; HTTP/1.1 is asked instead, as
  /// long as it carries the attempt.
  boolean written;

  /// Since when it has waited for a connection.
  long waitingSinceNanos;

  /// How often it was sent again since a connection was found dead before any byte of a reply.
  int resends;

  Attempt(UpstreamRequest request, ReplyListener listener) {
    this.request = request;
    this.listener = listener;
  }

  /// Gives up: the provider is told by a reset of the stream or a close of the connection. The
  /// listener hears no more.
  public void cancel() {
    if (over) {
      return;
    }
    over = true;
    if (connection != null) {
      connection.cancel(this);
    }
  }

  /// Whether the request's last byte was handed to the kernel.
  public boolean isWritten() {
    return written || (connection != null && connection.hasWritten(this));
  }

  /// The request's last write is over; called by Netty.
  @Override
  public void operationComplete(ChannelFuture lastWrite) {
    written |= lastWrite.isSuccess();
  }

  /// Has it wait for another connection.
  void detach() {
    connection = null;
    stream = null;
    written = false;
  }

  /// Whether reading the reply was stopped.
  public boolean isPaused() {
    return paused;
  }

  /// Stops reading the reply: the provider is held back by flow control.
  public void pause() {
    if (!paused && !over) {
      paused = true;
      if (connection != null) {
        connection.pause(this);
      }
    }
  }

  /// Reads on.
  public void resume() {
    if (paused && !over) {
      paused = false;
      if (connection != null) {
        connection.resume(this);
      }
    }
  }
}
