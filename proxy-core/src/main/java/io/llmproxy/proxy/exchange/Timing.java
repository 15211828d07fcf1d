package io.llmproxy.proxy.exchange;

/// When the steps of an exchange happened, `System.nanoTime()`; 0 for not yet.
final class Timing {
  final long startedMillis = System.currentTimeMillis();
  final long started = System.nanoTime();
  long bodyRead;
  long sent;
  long replyRead;
  long headWritten;
  long firstContent;
  long lastBeat = started;
  long lastProgress = started;
  long ended;

  void bodyEnd(long now) {
    bodyRead = now;
    lastProgress = now;
  }

  /// Some attempt has content.
  void content(long now) {
    firstContent = firstContent == 0 ? now : firstContent;
  }

  /// The proxy's own time until it sent the reply's head: all of it, less the wait for the
  /// provider.
  long overheadNanos() {
    if (headWritten == 0) {
      return -1;
    }
    long after = bodyRead == 0 ? started : bodyRead;
    return sent == 0 ? headWritten - after : sent - after + headWritten - replyRead;
  }

  long firstContentNanos() {
    return firstContent == 0 ? -1 : firstContent - started;
  }
}
