package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.openai.ChatUsage;
import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.sse.Records;
import io.llmproxy.provider.translate.StreamBlock.Kind;
import io.llmproxy.provider.wire.ContentMeter;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Turns a Chat Completions stream of OpenAI, GLM, Groq, Grok or the like into one of Messages.
///
/// Each chunk with content becomes one event. The end waits for the provider's terminator, since
/// usage comes behind the reason, or for a clean end of the body behind a reason. A stream that
/// ends before either is not given an end. After an error nothing more is written.
public final class ChatToMessagesStream implements ReplyReader {
  private static final byte[] DONE = "[DONE]".getBytes(US_ASCII);
  private static final byte[] ERROR = "error".getBytes(US_ASCII);

  /// A part of a stream shrinks on its way; this much may be added to the first and the last.
  private static final int MORE_BYTES = 1024;

  private final ByteBufAllocator allocator;
  private final long inputEstimate;
  private final ChatUsage usage = new ChatUsage();
  private final ContentMeter meter = new ContentMeter();
  private final ChatError error;
  private final ChatRecord chunk;
  private final ToolDelta toolDelta = new ToolDelta();
  private final JsonCursor cursor = new JsonCursor();
  private final Piece textPart = new Piece();
  private final MessageEvents events;
  private final BlockSequence blocks;
  private final RecordSplitter splitter = new RecordSplitter();
  private final Records records = new Follower();

  private @Nullable ByteBuf out;
  private int expectedBytes;
  private boolean started;
  private boolean refused;
  private @Nullable StopReason finish;
  private boolean done;

  /// Shows the caller `model`, and ids made of `requestId` where the provider gives none.
  /// `inputEstimate` is what it is told of its input before the provider counts, 0 if unknown.
  public ChatToMessagesStream(
      ByteBufAllocator allocator, String model, String requestId, long inputEstimate) {
    this.allocator = allocator;
    this.inputEstimate = inputEstimate;
    this.error = new ChatError(requestId);
    this.chunk = new ChatRecord(usage, error);
    this.events = new MessageEvents(model, requestId);
    this.blocks = new BlockSequence(events);
  }

  @Override
  public void read(ByteBuf part, PartSink sink) {
    expectedBytes = part.readableBytes() + MORE_BYTES;
    splitter.split(part, records);
    part.release();
    give(sink);
  }

  @Override
  public void finish(PartSink sink) {
    expectedBytes = MORE_BYTES;
    splitter.finish(records);
    if (finish != null) {
      end();
    }
    give(sink);
  }

  @Override
  public boolean isComplete() {
    return done && !error.isPresent();
  }

  @Override
  public boolean hasContent() {
    return meter.hasContent();
  }

  @Override
  public boolean hasError() {
    return error.isPresent();
  }

  @Override
  public Usage usage() {
    return usage.usage().plusOutput(meter.estimatedTokens());
  }

  @Override
  public UsageSource usageSource() {
    if (!usage.isReported()) {
      return UsageSource.ESTIMATED;
    }
    return meter.hasUnreported() ? UsageSource.PARTIAL : UsageSource.REPORTED;
  }

  @Override
  public void release() {
    ByteBuf left = out;
    out = null;
    if (left != null) {
      left.release();
    }
  }

  private void give(PartSink sink) {
    ByteBuf given = out;
    if (given != null && given.isReadable()) {
      out = null;
      sink.part(given);
    }
  }

  private void follow(RecordSplitter record) {
    if (done || error.isPresent() || !record.hasData()) {
      return;
    }
    if (out == null) {
      out = allocator.buffer(expectedBytes);
      events.to(out);
    }
    if (isDone(record)) {
      end();
      return;
    }
    boolean whole = chunk.read(record.data(), record.dataFrom(), record.dataTo());
    if (!whole) {
      error.set("the provider sent a record that is not JSON");
    } else if (record.eventIs(ERROR) && !error.isPresent()) {
      error.set("the provider failed and did not say why");
    }
    if (!error.isPresent()) {
      write();
    }
    if (blocks.isOverflown()) {
      error.set("the provider's tool calls interleave over more bytes than are held");
    }
    if (error.isPresent()) {
      events.error(error);
    }
  }

  private void write() {
    if (!started) {
      started = true;
      events.messageStart(chunk.bytes(), chunk.id, inputEstimate);
    }
    writeTexts();
    if (!chunk.toolCalls.isEmpty()) {
      writeCalls();
    }
    if (chunk.hasUsage()) {
      meter.reported();
    }
    // GLM says its reason twice.
    finish = finish == null ? chunk.finish() : finish;
  }

  private void writeTexts() {
    byte[] bytes = chunk.bytes();
    long textBytes =
        (long) chunk.reasoning.length() + chunk.content.length() + chunk.refusal.length();
    if (textBytes > 0) {
      meter.add(textBytes);
    }
    blocks.text(Kind.THINKING, bytes, chunk.reasoning);
    blocks.text(Kind.TEXT, bytes, chunk.content);
    blocks.text(Kind.TEXT, bytes, chunk.refusal);
    refused |= !chunk.refusal.isEmpty();
    if (!chunk.parts.isEmpty()) {
      writeParts();
    }
  }

  /// Of content in parts, the texts are known.
  private void writeParts() {
    cursor.reset(chunk.bytes(), chunk.parts.from, chunk.parts.to);
    cursor.enterArray();
    while (cursor.nextElement()) {
      textPart.setText(cursor);
      if (!textPart.isEmpty()) {
        meter.add(textPart.length());
        blocks.text(Kind.TEXT, chunk.bytes(), textPart);
      }
    }
  }

  private void writeCalls() {
    cursor.reset(chunk.bytes(), chunk.toolCalls.from, chunk.toolCalls.to);
    cursor.enterArray();
    while (cursor.nextElement()) {
      toolDelta.read(cursor);
      meter.add(toolDelta.arguments.length());
      blocks.call(chunk.bytes(), toolDelta);
    }
  }

  private void end() {
    if (done || error.isPresent()) {
      return;
    }
    if (out == null) {
      out = allocator.buffer(expectedBytes);
      events.to(out);
    }
    if (!started) {
      started = true;
      events.messageStart(chunk.bytes(), chunk.id, inputEstimate);
    }
    blocks.finish();
    Usage counts = usage.isReported() ? usage() : MessageUsage.estimated(inputEstimate, usage());
    events.messageEnd(StopReason.of(finish, blocks.hasCalls(), refused), counts);
    done = true;
  }

  private static boolean isDone(RecordSplitter record) {
    byte[] data = record.data();
    int to = record.dataTo();
    while (to > record.dataFrom() && (data[to - 1] == ' ' || data[to - 1] == '\t')) {
      to--;
    }
    return Arrays.equals(data, record.dataFrom(), to, DONE, 0, DONE.length);
  }

  private final class Follower implements Records {

    @Override
    public void record(RecordSplitter record) {
      follow(record);
    }

    @Override
    public void repeated(int holeBytes) {
      throw new IllegalStateException("a record was repeated, but none was learned");
    }

    @Override
    public void lateLineFeed(int partIndex) {
      // What ends a record is not given on.
    }
  }
}
