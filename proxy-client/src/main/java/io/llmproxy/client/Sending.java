package io.llmproxy.client;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request on its way, and what its connection knows of its reply. Used on the event loop.
final class Sending {

  final String method;
  final String path;

  /// Names in lower case and values, in turn.
  final List<String> fields;

  /// Owned by whoever made this; must last until the reply is over.
  final ByteBuf body;

  final ReplyListener listener;

  /// What carries it; null while it waits, and when it is over.
  @Nullable Link link;

  @Nullable Http2Stream stream;

  /// Whether the head of the reply came.
  boolean replied;

  /// Whether the reply is not to be read on.
  boolean paused;

  /// Read while paused, and not given back to the stream's window.
  int unconsumedBytes;

  boolean over;

  Sending(String method, String path, List<String> fields, ByteBuf body, ReplyListener listener) {
    this.method = method;
    this.path = path;
    this.fields = fields;
    this.body = body;
    this.listener = listener;
  }

  void lost(String why, boolean unseen) {
    if (!over) {
      over = true;
      listener.onLost(new ReplyListener.Lost(why, unseen));
    }
  }
}
