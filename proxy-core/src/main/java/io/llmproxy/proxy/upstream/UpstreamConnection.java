package io.llmproxy.proxy.upstream;

/// A connection to a provider that carries attempts, whichever HTTP version it speaks.
interface UpstreamConnection {

  /// Whether another attempt may be sent now.
  boolean hasRoom();

  /// Sends the attempt's request and tells its listener of the reply.
  void send(Attempt attempt);

  /// Whether all of the attempt's request was handed to the kernel, where the attempt is not told.
  default boolean hasWritten(Attempt attempt) {
    return false;
  }

  void cancel(Attempt attempt);

  void pause(Attempt attempt);

  void resume(Attempt attempt);

  /// Ends it once the attempts it carries are over.
  void retire();
}
