package io.llmproxy.bench.simulator;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One reply under way: it writes what is due, waits for the time of the next step, and stops while
/// its reader is slow. Event loop only.
///
/// Step 0 is the head and what precedes the events, then comes one step an event, then the closing.
final class OpenReply {

  /// What differs between two replies of one rendition.
  record Particulars(Tokens tokens, String requestId) {}

  private static final long BREAK_DELAY_NANOS = 20_000_000;

  private enum Phase {
    RUNNING,
    WAITING,
    PARKED,
    BREAKING,
    STALLED,
    CLOSED
  }

  /// Links of the ticker's lists.
  @Nullable OpenReply nextWaiter;

  long waitsForTick;

  private final Rendition rendition;
  private final ReplySink sink;
  private final Ticker ticker;
  private final Books books;
  private final Particulars particulars;
  private final long startNanos = System.nanoTime();

  private Phase phase = Phase.RUNNING;
  private int step;
  private long bodyBytes;
  private boolean fired;

  /// Retains `rendition` until the reply is closed.
  OpenReply(
      Rendition rendition, ReplySink sink, Ticker ticker, Books books, Particulars particulars) {
    this.rendition = rendition;
    this.sink = sink;
    this.ticker = ticker;
    this.books = books;
    this.particulars = particulars;
    rendition.retain();
    rendition.book.requested();
    books.opened();
  }

  /// Begins.
  void start() {
    switch (rendition.script.start()) {
      case ANSWER, HTML -> advance(startNanos);
      case SILENT -> phase = Phase.STALLED;
      case RESET -> {
        fail();
        sink.reset();
      }
    }
  }

  /// Called by the ticker when the time has come.
  void due(long now) {
    switch (phase) {
      case WAITING -> {
        phase = Phase.RUNNING;
        advance(now);
      }
      case BREAKING -> breakOff();
      case RUNNING, PARKED, STALLED, CLOSED -> {}
    }
  }

  /// Called when [#due] failed: the reply is reset.
  void broken() {
    if (phase != Phase.CLOSED) {
      fail();
      sink.reset();
    }
  }

  /// Called when the reader has caught up.
  void writable() {
    if (phase == Phase.PARKED) {
      phase = Phase.RUNNING;
      ticker.loop().execute(this::resume);
    }
  }

  private void resume() {
    if (phase == Phase.RUNNING) {
      advance(System.nanoTime());
      sink.flushNow();
    }
  }

  /// Called when the client has gone; does nothing once the reply has ended.
  void clientGone() {
    if (phase == Phase.CLOSED) {
      return;
    }
    int events = sentEvents();
    String model = rendition.key.facts().model();
    books.cancelled(new Cancellation(rendition.provider(), model, System.nanoTime(), events));
    rendition.book.cancelled(particulars.tokens().input(), events);
    finish();
  }

  private void advance(long now) {
    while (phase == Phase.RUNNING) {
      long due = dueNanos();
      if (due - now > 0) {
        phase = Phase.WAITING;
        ticker.at(this, due);
      } else if (step > 0 && !sink.writable()) {
        phase = Phase.PARKED;
      } else {
        perform(due);
      }
    }
  }

  private long dueNanos() {
    Script script = rendition.script;
    if (step == 0 && rendition.streams) {
      return startNanos + script.headNanos();
    }
    long before = Math.max(script.headNanos(), script.ttftNanos());
    int events = rendition.streams ? rendition.events() : script.think() + script.events();
    long intervals = rendition.streams ? Math.min(step, events) - 1 : events;
    return startNanos + before + Math.max(0, intervals) * script.intervalNanos();
  }

  private void perform(long due) {
    sink.touch();
    if (step == 0) {
      begin();
      step = 1;
    } else if (faultIsDue()) {
      fire();
    } else if (step <= rendition.events()) {
      event(due);
    } else {
      close();
    }
  }

  private void begin() {
    if (rendition.streams) {
      sink.head(head(-1));
      write(rendition.around.opening());
    }
  }

  private void event(long due) {
    int index = step - 1;
    if (index == rendition.reasoningEvents && !write(rendition.around.between())) {
      return;
    }
    int block = faultless() ? rendition.blockEvents(index) : 0;
    if (block > 0) {
      sent((long) block * rendition.eventBodyBytes());
      step += block;
      sink.writeFramed(rendition.takeBlock());
      return;
    }
    Event event = rendition.event(index);
    ByteBuf bytes = event.take(sink.alloc(), due);
    step++;
    if (rendition.script.bytewise()) {
      bytewise(bytes);
    } else {
      sent(event.bodyBytes());
      sink.writeFramed(bytes);
    }
  }

  private boolean faultless() {
    return rendition.script.fault().kind() == Fault.Kind.NONE || fired;
  }

  private void close() {
    if (rendition.streams) {
      if (!write(rendition.around.closing())) {
        return;
      }
    } else if (!whole()) {
      return;
    }
    Script script = rendition.script;
    boolean answers = script.sample() == null && script.trouble().endlessBytes() == 0;
    if (rendition.around.status() == 200 && answers) {
      rendition.book.completed(particulars.tokens());
    } else {
      rendition.book.faulted(0, 0);
    }
    finish();
    sink.end();
  }

  /// An answer that is sent whole breaks off at the same part of its body as of its events.
  private boolean whole() {
    ByteBuf body = fill(rendition.around.closing());
    Fault fault = rendition.script.fault();
    int events = rendition.script.events();
    if (fault.kind() == Fault.Kind.MALFORMED) {
      body.writerIndex(body.writerIndex() - 1); // the last brace
    }
    sink.head(head(body.readableBytes()));
    if (fault.kind() == Fault.Kind.GOAWAY) {
      sink.goAway();
    } else if (breaks(fault) && fault.after() <= events) {
      int part = (int) ((long) body.readableBytes() * fault.after() / Math.max(1, events));
      ByteBuf cut = body.readRetainedSlice(part);
      body.release();
      sent(cut.readableBytes());
      sink.write(cut);
      fire();
      return false;
    }
    return write(body);
  }

  private static boolean breaks(Fault fault) {
    return fault.kind() != Fault.Kind.NONE && !fault.interjects() && !fault.inBytes();
  }

  private ReplyHead head(long contentLength) {
    Rendition.Around around = rendition.around;
    AsciiString idHeader = rendition.provider().shape().requestIdHeader();
    List<CharSequence> fields = around.fields();
    if (around.ownHead() && idHeader != null) {
      fields = new ArrayList<>(fields.size() + 2);
      fields.addAll(around.fields());
      fields.add(idHeader);
      fields.add(particulars.requestId());
    }
    return new ReplyHead(around.status(), fields, contentLength);
  }

  private ByteBuf fill(Template template) {
    byte[] text =
        rendition.around.status() == 200
            ? rendition.text
            : particulars.requestId().getBytes(US_ASCII);
    byte[] reasoning = rendition.reasoningText;
    ByteBuf out = sink.alloc().directBuffer(template.sizeBound(text, reasoning));
    template.write(out, particulars.tokens(), text, reasoning);
    return out;
  }

  /// Writes a template; false if a fault ended the reply instead.
  private boolean write(Template template) {
    return template.isEmpty() || write(fill(template));
  }

  private boolean write(ByteBuf bytes) {
    if (rendition.script.bytewise()) {
      return bytewise(bytes);
    }
    sent(bytes.readableBytes());
    sink.write(bytes);
    return true;
  }

  /// Takes bytes and writes them up to the fault that is counted in bytes, one by one if so asked.
  private boolean bytewise(ByteBuf bytes) {
    Fault fault = rendition.script.fault();
    long left = fault.inBytes() && !fired ? fault.after() - bodyBytes : Long.MAX_VALUE;
    boolean breaks = bytes.readableBytes() >= left;
    ByteBuf part = breaks ? bytes.readRetainedSlice((int) left) : bytes.retainedSlice();
    sent(part.readableBytes());
    if (rendition.script.dribble()) {
      while (part.isReadable()) {
        sink.write(part.readRetainedSlice(1));
        sink.flushNow();
      }
      part.release();
    } else {
      sink.write(part);
    }
    if (breaks && fault.kind() == Fault.Kind.GOAWAY) {
      goAway();
      return bytewise(bytes);
    }
    bytes.release();
    if (breaks) {
      fire();
    }
    return !breaks;
  }

  private void sent(long bytes) {
    bodyBytes += bytes;
    books.wrote(bytes);
  }

  private boolean faultIsDue() {
    Fault fault = rendition.script.fault();
    return rendition.streams
        && fault.kind() != Fault.Kind.NONE
        && !fault.inBytes()
        && !fired
        && contentSent() >= fault.after();
  }

  private int sentEvents() {
    return rendition.streams ? Math.max(0, Math.min(step - 1, rendition.events())) : 0;
  }

  /// Content events sent, or -1 before the last reasoning event.
  private int contentSent() {
    return step - 1 - rendition.reasoningEvents;
  }

  private void fire() {
    switch (rendition.script.fault().kind()) {
      case NONE -> {}
      case CUT, DROP, CLOSE -> {
        // What was written is read first: a reset takes along what is still in either socket.
        sink.flushNow();
        if (phase == Phase.CLOSED) {
          return;
        }
        phase = Phase.BREAKING;
        ticker.at(this, System.nanoTime() + BREAK_DELAY_NANOS);
      }
      case END -> {
        fail();
        sink.end();
      }
      case STALL -> phase = Phase.STALLED;
      case ERROR_EVENT -> {
        sink.write(fill(rendition.around.errorRecord()));
        fail();
        sink.end();
      }
      case GOAWAY -> goAway();
      case MALFORMED, BAIT -> {
        fired = true;
        write(rendition.around.errorRecord());
      }
      case HALF_OPEN -> {
        phase = Phase.STALLED;
        sink.freeze();
      }
    }
  }

  private void goAway() {
    fired = true;
    sink.goAway();
  }

  private void breakOff() {
    fail();
    switch (rendition.script.fault().kind()) {
      case DROP -> sink.drop();
      case CLOSE -> sink.close();
      case NONE, CUT, END, STALL, ERROR_EVENT, GOAWAY, MALFORMED, BAIT, HALF_OPEN -> sink.reset();
    }
  }

  private void fail() {
    rendition.book.faulted(particulars.tokens().input(), sentEvents());
    finish();
  }

  private void finish() {
    phase = Phase.CLOSED;
    books.closed();
    rendition.release();
  }
}
