package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.sse.Hole;
import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.sse.Records;
import io.llmproxy.provider.translate.ChatStreamOutput.Text;
import io.llmproxy.provider.usage.ChatUsage;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.ContentMeter;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A Chat Completions stream of OpenAI, GLM, Groq, Grok or the like on its way into another
/// dialect.
///
/// The end waits for the provider's terminator, since usage comes behind the reason, or for a clean
/// end of the body behind a reason. A stream that ends before either is not given an end. After an
/// error nothing more is written.
abstract class ChatStream implements ReplyReader {
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
  private final ChatStreamOutput output;
  private final RecordSplitter splitter = new RecordSplitter();
  private final Records records = new Follower();

  private @Nullable ByteBuf out;
  private int expectedBytes;
  private boolean started;
  private @Nullable StopReason finish;
  private boolean done;

  // What the chunks say that repeat the one learned last: a text, or, where that is null,
  // arguments.
  private final Hole hole = new Hole();
  private final Piece repeatedPiece = new Piece();
  private @Nullable Text repeatedText;
  private long repeatedCall;
  private int callCount;

  /// Writes to `output`. `inputEstimate` is what the caller is told of its input where the provider
  /// does not count, 0 if unknown.
  ChatStream(
      ByteBufAllocator allocator, ChatStreamOutput output, String requestId, long inputEstimate) {
    this.allocator = allocator;
    this.output = output;
    this.inputEstimate = inputEstimate;
    this.error = new ChatError(requestId);
    this.chunk = new ChatRecord(usage, error);
  }

  /// As [io.llmproxy.provider.wire.ReplyReader#read].
  @Override
  public final void read(ByteBuf part, PartSink sink) {
    expectedBytes = part.readableBytes() + MORE_BYTES;
    splitter.split(part, records);
    part.release();
    give(sink);
  }

  /// As [io.llmproxy.provider.wire.ReplyReader#finish].
  @Override
  public final void finish(PartSink sink) {
    expectedBytes = MORE_BYTES;
    splitter.finish(records);
    if (finish != null) {
      end();
    }
    give(sink);
  }

  @Override
  public final boolean isComplete() {
    return done && !error.isPresent();
  }

  @Override
  public final boolean hasContent() {
    return meter.hasContent();
  }

  @Override
  public final boolean hasError() {
    return error.isPresent();
  }

  @Override
  public final Usage usage() {
    return usage.usage().plusOutput(meter.estimatedTokens());
  }

  @Override
  public final Billing billing() {
    return usage.billing();
  }

  @Override
  public final UsageSource usageSource() {
    if (!usage.isReported()) {
      return UsageSource.ESTIMATED;
    }
    return meter.hasUnreported() ? UsageSource.PARTIAL : UsageSource.REPORTED;
  }

  @Override
  public final void release() {
    splitter.release();
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
    begin();
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
      learn(record);
    }
    checkEnd();
  }

  /// A chunk came as the one that was learned last, but with the piece `[from, to)`.
  private void repeat(byte[] bytes, int from, int to) {
    if (done || error.isPresent()) {
      return;
    }
    begin();
    Text text = repeatedText;
    if (text == null) {
      meter.add(to - from);
      toolDelta.setArguments(repeatedCall, from, to);
      output.call(bytes, toolDelta);
    } else if (to > from) {
      meter.add(to - from);
      repeatedPiece.from = from;
      repeatedPiece.to = to;
      output.text(text, bytes, repeatedPiece);
    }
    checkEnd();
  }

  /// Chunks that differ from this one by nothing but their piece need not be read.
  private void learn(RecordSplitter record) {
    if (chunk.isOneText()) {
      Text text = chunk.onlyText();
      Piece piece = chunk.text(text);
      hole.set(piece.from, piece.to);
      repeatedText = record.learn(hole, chunk.padding()) ? text : repeatedText;
    } else if (chunk.isCallsAlone() && callCount == 1 && toolDelta.isArgumentsAlone()) {
      hole.set(toolDelta.arguments.from, toolDelta.arguments.to);
      if (record.learn(hole, chunk.padding())) {
        repeatedText = null;
        repeatedCall = toolDelta.index;
      }
    }
  }

  private void checkEnd() {
    if (output.isOverflown()) {
      error.set("the provider's answer is longer than can be held, as it must be to be translated");
    }
    if (error.isPresent()) {
      output.error(error);
    }
  }

  private void begin() {
    if (out == null) {
      out = allocator.buffer(expectedBytes);
      output.to(out);
    }
  }

  private void write() {
    if (!started) {
      started = true;
      output.start(chunk.bytes(), chunk.id, inputEstimate);
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
    output.text(Text.REASONING, bytes, chunk.reasoning);
    output.text(Text.CONTENT, bytes, chunk.content);
    output.text(Text.REFUSAL, bytes, chunk.refusal);
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
        output.text(Text.CONTENT, chunk.bytes(), textPart);
      }
    }
  }

  private void writeCalls() {
    cursor.reset(chunk.bytes(), chunk.toolCalls.from, chunk.toolCalls.to);
    cursor.enterArray();
    callCount = 0;
    while (cursor.nextElement()) {
      callCount++;
      toolDelta.read(cursor);
      meter.add(toolDelta.arguments.length());
      output.call(chunk.bytes(), toolDelta);
    }
  }

  private void end() {
    if (done || error.isPresent()) {
      return;
    }
    begin();
    if (!started) {
      started = true;
      output.start(chunk.bytes(), chunk.id, inputEstimate);
    }
    output.end(
        finish, usage.isReported() ? usage() : MessageUsage.estimated(inputEstimate, usage()));
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
    public void repeated(byte[] bytes, int from, int to) {
      repeat(bytes, from, to);
    }

    @Override
    public void lateLineFeed(int partIndex) {
      // What ends a record is not given on.
    }
  }
}
