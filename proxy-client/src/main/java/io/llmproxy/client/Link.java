package io.llmproxy.client;

/// A connection to an endpoint. Used on the event loop.
interface Link {

  /// Which HTTP it speaks.
  HttpVersion version();

  /// Whether it takes a further request now.
  boolean hasRoom();

  /// How many requests it carries.
  int load();

  void send(Sending sending);

  /// The reply is not wanted any more; nothing of it is told from now on.
  void cancel(Sending sending);

  /// Reads no further than the peer may send already.
  void pause(Sending sending);

  void resume(Sending sending);

  /// Ends with all that it carries.
  void close();
}
