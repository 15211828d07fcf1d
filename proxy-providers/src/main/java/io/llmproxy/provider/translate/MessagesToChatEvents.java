package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.sse.Hole;
import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.usage.MessagesUsage;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.ContentMeter;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import java.util.List;

/// What the events of one Messages stream mean as chunks of Chat Completions. Events, blocks and
/// deltas that are not known here mean nothing.
final class MessagesToChatEvents {

  private enum Event {
    TYPE,
    INDEX,
    MESSAGE,
    CONTENT_BLOCK,
    DELTA,
    USAGE,
    ERROR
  }

  private enum Message {
    ID,
    CONTENT,
    USAGE
  }

  private enum Delta {
    TEXT,
    THINKING,
    PARTIAL_JSON,
    STOP_REASON,
    STOP_DETAILS
  }

  private enum Details {
    EXPLANATION
  }

  private enum Failure {
    TYPE,
    MESSAGE
  }

  private static final List<Delta> PIECES = List.of(Delta.TEXT, Delta.THINKING, Delta.PARTIAL_JSON);
  private static final byte[] DATA = ascii("data: ");
  private static final byte[] RECORD_END = ascii("\n\n");
  private static final byte[] NOT_JSON = ascii("the provider sent an event that is not JSON");
  private static final byte[] NO_REASON = ascii("the provider ended its answer without saying why");

  private final ChatChunks chunks;
  private final MessagesBlocks blocks;
  private final MessagesUsage usage = new MessagesUsage();
  private final ContentMeter meter = new ContentMeter();
  private final JsonCursor cursor = new JsonCursor();
  private final Members<Event> event = new Members<>(Event.class);
  private final Members<Message> message = new Members<>(Message.class);
  private final Members<Delta> delta = new Members<>(Delta.class);
  private final Members<Details> details = new Members<>(Details.class);
  private final Members<Failure> failure = new Members<>(Failure.class);
  private byte[] data = {};
  private int limit;
  private boolean started;
  private boolean outputReported;
  private String stopReason = "";
  private boolean stopped;
  private boolean error;

  // What the events say that repeat the one learned last.
  private final Hole hole = new Hole();
  private final Hole padding = new Hole();
  private Delta repeated = Delta.TEXT;
  private long repeatedIndex;
  private long pieceIndex;

  MessagesToChatEvents(ChatChunks chunks) {
    this.chunks = chunks;
    this.blocks = new MessagesBlocks(chunks, meter);
  }

  /// Appends to `out` what `record`, which has data, comes to.
  void read(RecordSplitter record, ByteBuf out) {
    data = record.data();
    limit = record.dataTo();
    if (!event.read(data, record.dataFrom(), limit)) {
      cursor.reset(data, record.dataFrom(), limit);
      if (cursor.isAt('{')) {
        fail(out, NOT_JSON);
      }
      return;
    }
    if (is(record, "content_block_delta")) {
      readDelta(record, out);
    } else if (is(record, "content_block_start")) {
      blocks.begin(out, data, event.from(Event.CONTENT_BLOCK), limit, index());
    } else if (is(record, "content_block_stop")) {
      blocks.end(out, index());
    } else if (is(record, "message_start")) {
      start(out);
    } else if (is(record, "message_delta")) {
      readEnd(out);
    } else if (is(record, "message_stop")) {
      stop(out);
    } else if (is(record, "error")) {
      tellError(out);
    }
  }

  /// Appends to `out` what an event comes to that repeats the one learned last, but with the piece
  /// `[from, to)`.
  void repeat(ByteBuf out, byte[] bytes, int from, int to) {
    if (to > from) {
      pieceIndex = repeatedIndex;
      write(out, repeated, bytes, from, to);
    }
  }

  /// Whether what follows does not matter.
  boolean isEnded() {
    return stopped || error;
  }

  boolean isComplete() {
    return stopped && !error;
  }

  boolean hasContent() {
    return meter.hasContent();
  }

  boolean hasError() {
    return error;
  }

  Usage usage() {
    long estimated = meter.estimatedTokens();
    // What message_start says of the output is a placeholder that the content soon exceeds.
    return usage.usage(outputReported ? estimated : Math.max(0, estimated - usage.output()));
  }

  Billing billing() {
    return usage.billing();
  }

  UsageSource usageSource() {
    if (!usage.isReported()) {
      return UsageSource.ESTIMATED;
    }
    boolean whole = outputReported && !meter.hasUnreported();
    return whole ? UsageSource.REPORTED : UsageSource.PARTIAL;
  }

  /// The event's type is what its data says; its `event` line counts only where the data says none.
  private boolean is(RecordSplitter record, String type) {
    return event.isString(Event.TYPE) ? event.is(Event.TYPE, type) : record.eventIs(ascii(type));
  }

  private void start(ByteBuf out) {
    boolean first = !started && event.has(Event.MESSAGE);
    if (!first || !message.read(data, event.from(Event.MESSAGE), limit)) {
      return;
    }
    started = true;
    if (message.isString(Message.ID)) {
      chunks.id(data, message.insideFrom(Message.ID), message.insideTo(Message.ID));
    }
    readUsage(message.has(Message.USAGE) ? message.from(Message.USAGE) : -1);
    chunks.role(out);
    if (message.first(Message.CONTENT) == '[') {
      blocks.whole(out, data, message.from(Message.CONTENT), limit);
    }
  }

  private void readDelta(RecordSplitter record, ByteBuf out) {
    if (!event.has(Event.DELTA) || !delta.read(data, event.from(Event.DELTA), limit)) {
      return;
    }
    for (Delta name : PIECES) {
      if (delta.hasText(name)) {
        pieceIndex = index();
        write(out, name, data, delta.insideFrom(name), delta.insideTo(name));
        learn(record, name);
        return;
      }
    }
  }

  private void write(ByteBuf out, Delta name, byte[] bytes, int from, int to) {
    switch (name) {
      case TEXT -> {
        chunks.content(out, bytes, from, to);
        meter.add(to - from);
      }
      case THINKING -> {
        chunks.reasoning(out, bytes, from, to);
        meter.add(to - from);
      }
      case PARTIAL_JSON -> blocks.grow(out, bytes, from, to, pieceIndex);
      case STOP_REASON, STOP_DETAILS -> {}
    }
  }

  /// Events that differ from this one by nothing but their piece need not be read.
  private void learn(RecordSplitter record, Delta name) {
    for (Delta other : PIECES) {
      if (other != name && delta.has(other)) {
        return;
      }
    }
    hole.set(delta.insideFrom(name), delta.insideTo(name));
    findPadding();
    if (record.learn(hole, padding)) {
      repeated = name;
      repeatedIndex = pieceIndex;
    }
  }

  /// Anthropic pads with spaces before the last brace.
  private void findPadding() {
    int from = event.to(Event.DELTA);
    int to = from;
    while (to < limit && data[to] == ' ') {
      to++;
    }
    padding.clear();
    if (to < limit && data[to] == '}') {
      padding.set(from, to);
    }
  }

  private void readEnd(ByteBuf out) {
    boolean said = readUsage(event.has(Event.USAGE) ? event.from(Event.USAGE) : -1);
    if (said) {
      outputReported = true;
      meter.reported();
    }
    if (!event.has(Event.DELTA) || !delta.read(data, event.from(Event.DELTA), limit)) {
      return;
    }
    if (delta.hasText(Delta.STOP_REASON)) {
      stopReason = delta.text(Delta.STOP_REASON);
    }
    boolean explained =
        delta.first(Delta.STOP_DETAILS) == '{'
            && details.read(data, delta.from(Delta.STOP_DETAILS), limit)
            && details.hasText(Details.EXPLANATION);
    if (explained) {
      int from = details.insideFrom(Details.EXPLANATION);
      chunks.refusal(out, data, from, details.insideTo(Details.EXPLANATION));
    }
  }

  private void stop(ByteBuf out) {
    blocks.endAll(out);
    if (stopReason.isEmpty()) {
      fail(out, NO_REASON);
      return;
    }
    stopped = true;
    chunks.finish(out, ChatReplies.finishReason(stopReason));
    if (chunks.includesUsage()) {
      chunks.usage(out, usage());
    }
    chunks.done(out);
  }

  private void tellError(ByteBuf out) {
    boolean told = event.has(Event.ERROR) && failure.read(data, event.from(Event.ERROR), limit);
    boolean worded = told && failure.hasText(Failure.MESSAGE);
    int from = worded ? failure.insideFrom(Failure.MESSAGE) : 0;
    int to = worded ? failure.insideTo(Failure.MESSAGE) : 0;
    writeError(out, told ? failure.text(Failure.TYPE) : "", data, from, to);
  }

  private void fail(ByteBuf out, byte[] why) {
    writeError(out, "", why, 0, why.length);
  }

  private void writeError(ByteBuf out, String type, byte[] bytes, int from, int to) {
    error = true;
    out.writeBytes(DATA);
    ChatReplies.writeError(out, type, bytes, from, to);
    out.writeBytes(RECORD_END);
  }

  /// Whether the usage at `from` tells output tokens.
  private boolean readUsage(int from) {
    if (from < 0) {
      return false;
    }
    cursor.reset(data, from, limit);
    return usage.read(cursor);
  }

  private long index() {
    return event.count(Event.INDEX);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
