package io.llmproxy.provider.request;

import io.llmproxy.provider.wire.PartSink;

/// A request's body as a provider is to receive it, as often as it is asked.
public interface UpstreamBody {

  /// In bytes.
  long length();

  /// Gives `sink` the body, in order. May be called again, for another attempt.
  void emit(PartSink sink);

  /// Gives up what the body holds beyond the caller's own bytes. To be called once.
  void release();
}
