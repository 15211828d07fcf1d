package io.llmproxy.bench.load;

import io.netty.buffer.ByteBuf;

/// One place in flight: sends a request, checks what comes back, and tells the tally.
///
/// Belongs to the load's event loop, like its tally.
final class Slot implements Http1ReplyScanner.Sink, EventScanner.Sink {
  private final LoadTally tally;
  private final Expectation expected;
  private final EventScanner events;
  private boolean busy;
  private int status;
  private long bodyBytes;
  private long sentNanos;
  private long readNanos;
  private long lastEventNanos;

  Slot(LoadTally tally, Expectation expected) {
    this.tally = tally;
    this.expected = expected;
    this.events = new EventScanner(expected.stampMark());
  }

  boolean busy() {
    return busy;
  }

  void begin(long now) {
    busy = true;
    status = 0;
    bodyBytes = 0;
    sentNanos = now;
    readNanos = now;
    lastEventNanos = 0;
    events.reset();
    tally.begun();
  }

  /// When the bytes that follow were read; one reading of the clock serves a whole read.
  void readAt(long now) {
    readNanos = now;
  }

  @Override
  public void status(int code) {
    status = code;
  }

  @Override
  public void body(ByteBuf in, int index, int length) {
    bodyBytes += length;
    if (expected.streamed()) {
      events.read(in, index, length, this);
    }
  }

  @Override
  public void event(long stampNanos) {
    if (lastEventNanos == 0) {
      tally.firstEvent(readNanos - sentNanos);
    }
    // A sender that stamps after handing on could lie in our future by its own slack: 0, not -1.
    long delay = stampNanos == 0 ? -1 : Math.max(0, readNanos - stampNanos);
    tally.event(delay, lastEventNanos == 0 ? -1 : readNanos - lastEventNanos);
    lastEventNanos = readNanos;
  }

  /// The reply has ended as its protocol says; true when it was what it should be.
  boolean end() {
    busy = false;
    String flaw = flaw();
    if (flaw.isEmpty()) {
      tally.completed(readNanos - sentNanos);
      return true;
    }
    tally.failed(flaw);
    return false;
  }

  /// The reply will never end; nothing where none was awaited.
  void fail(String reason) {
    if (busy) {
      busy = false;
      tally.failed(reason);
    }
  }

  private String flaw() {
    if (status != expected.status()) {
      return "status " + status + " (expected: " + expected.status() + ")";
    }
    if (expected.bodyBytes() >= 0 && bodyBytes != expected.bodyBytes()) {
      return "body of " + bodyBytes + " bytes (expected: " + expected.bodyBytes() + ")";
    }
    if (!expected.streamed()) {
      return "";
    }
    if (events.events() != expected.events()) {
      return "stream of " + events.events() + " events (expected: " + expected.events() + ")";
    }
    return events.done() ? "" : "stream without data: [DONE] at its end";
  }
}
