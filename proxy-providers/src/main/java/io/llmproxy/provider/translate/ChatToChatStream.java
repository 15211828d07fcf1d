package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.openai.ChatStreamReader;
import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.sse.Records;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.SharedRoom;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// Turns a Chat Completions stream of GLM, Groq or Grok into one as a client of OpenAI expects it.
///
/// Records that need no correction go on as they came, and a part made of nothing else goes on
/// itself. A record that is not whole at the end of a part waits for its rest. After an error
/// nothing more is written.
public final class ChatToChatStream implements ReplyReader {
  private static final byte[] DATA = "data: ".getBytes(US_ASCII);
  private static final byte[] NEXT_DATA = "\ndata: ".getBytes(US_ASCII);
  private static final byte[] RECORD_END = "\n\n".getBytes(US_ASCII);

  /// What corrections may add to a part.
  private static final int MORE_BYTES = 512;

  private final ByteBufAllocator allocator;
  private final ReplyReader reader;
  private final ChatCorrection correction = ChatCorrection.ofChunks();
  private final RecordSplitter splitter = new RecordSplitter();
  private final Records records = new Corrector();

  // The part being read, and what it comes to where that is something else.
  private @Nullable ByteBuf part;
  private @Nullable ByteBuf out;
  private int copiedTo;

  // The beginning of the record that has begun, as far as earlier parts held it.
  private final HeldBytes held = new HeldBytes();
  private final SharedRoom room = new SharedRoom(RecordSplitter.LONGEST);
  private boolean givenOn;
  private boolean rewritten;
  private boolean failed;

  /// A reader that leaves the usage chunk out if `stripUsage`.
  public ChatToChatStream(ByteBufAllocator allocator, boolean stripUsage) {
    this.allocator = allocator;
    this.reader = new ChatStreamReader(stripUsage);
  }

  @Override
  public void read(ByteBuf part, PartSink sink) {
    if (failed) {
      part.release();
      return;
    }
    this.part = part;
    copiedTo = 0;
    splitter.split(part, records);
    if (splitter.isBegun() && !failed) {
      hold(part);
    }
    ByteBuf corrected = out;
    if (corrected == null) {
      reader.read(part, sink);
    } else {
      copyTo(failed ? copiedTo : part.readableBytes());
      out = null;
      part.release();
      reader.read(corrected, sink);
    }
    this.part = null;
  }

  @Override
  public void finish(PartSink sink) {
    splitter.finish(records);
    if (held.length() > 0 && !failed) {
      out().writeBytes(held.array(), 0, held.length());
    }
    forgetHeld();
    ByteBuf last = out;
    out = null;
    if (last != null) {
      reader.read(last, sink);
    }
    reader.finish(sink);
  }

  @Override
  public boolean isComplete() {
    return reader.isComplete();
  }

  @Override
  public boolean hasContent() {
    return reader.hasContent();
  }

  @Override
  public boolean hasError() {
    return reader.hasError();
  }

  @Override
  public Usage usage() {
    return reader.usage();
  }

  @Override
  public Billing billing() {
    return reader.billing();
  }

  @Override
  public UsageSource usageSource() {
    return reader.usageSource();
  }

  @Override
  public void release() {
    // No part is kept from one call to the next.
    splitter.release();
    room.clear();
    reader.release();
  }

  private void follow(RecordSplitter record) {
    rewritten = false;
    if (failed) {
      return;
    }
    boolean changes =
        !givenOn
            && record.hasData()
            && correction.read(record.data(), record.dataFrom(), record.dataTo());
    if (changes) {
      rewrite(record);
    } else if (held.length() > 0) {
      out().writeBytes(held.array(), 0, held.length());
    } else if (record.hasData() && !givenOn && correction.isRepeatable()) {
      record.learn(correction.text(), correction.padding());
    }
    forgetHeld();
    givenOn = false;
  }

  private void rewrite(RecordSplitter record) {
    ByteBuf target = out();
    if (part != null) {
      copyTo(record.beginIndex());
      copiedTo = record.endIndex();
    }
    int begin = target.writerIndex();
    correction.write(target.writeBytes(DATA));
    joinLines(target, begin + DATA.length);
    target.writeBytes(RECORD_END);
    if (correction.hasUsageApart()) {
      begin = target.writerIndex();
      correction.writeUsage(target.writeBytes(DATA));
      joinLines(target, begin + DATA.length);
      target.writeBytes(RECORD_END);
    }
    rewritten = true;
    failed = correction.isFailure();
  }

  /// Data of several lines stays so.
  private static void joinLines(ByteBuf target, int from) {
    int lineFeed = target.indexOf(from, target.writerIndex(), (byte) '\n');
    if (lineFeed < 0) {
      return;
    }
    byte[] data = new byte[target.writerIndex() - from];
    target.getBytes(from, data);
    target.writerIndex(from);
    for (byte each : data) {
      if (each == '\n') {
        target.writeBytes(NEXT_DATA);
      } else {
        target.writeByte(each);
      }
    }
  }

  /// Keeps the beginning of the record that the part ends in; of one longer than the splitter
  /// gathers, nothing is known, and it goes on.
  private void hold(ByteBuf part) {
    int begin = splitter.beginIndex();
    int bytes = part.readableBytes() - begin;
    if (givenOn) {
      return;
    }
    if (!room.has(held.length() + bytes)) {
      out().writeBytes(held.array(), 0, held.length());
      forgetHeld();
      givenOn = true;
      return;
    }
    out();
    copyTo(begin);
    byte[] rest = new byte[bytes];
    part.getBytes(part.readerIndex() + begin, rest);
    held.add(rest, 0, bytes);
    copiedTo = part.readableBytes();
  }

  private void forgetHeld() {
    held.clear();
    room.clear();
  }

  /// Copies what goes on as it came, up to `index` of the part.
  private void copyTo(int index) {
    ByteBuf source = part;
    if (source != null && index > copiedTo) {
      out().writeBytes(source, source.readerIndex() + copiedTo, index - copiedTo);
      copiedTo = index;
    }
  }

  private ByteBuf out() {
    ByteBuf target = out;
    if (target == null) {
      ByteBuf source = part;
      int bytes = source == null ? 0 : source.readableBytes();
      target = allocator.buffer(bytes + held.length() + MORE_BYTES);
      out = target;
    }
    return target;
  }

  private final class Corrector implements Records {

    @Override
    public void record(RecordSplitter record) {
      follow(record);
    }

    @Override
    public void repeated(byte[] bytes, int from, int to) {
      // It goes on as it came, as the one it repeats did.
      rewritten = false;
    }

    @Override
    public void lateLineFeed(int partIndex) {
      if (rewritten) {
        out();
        copyTo(partIndex);
        copiedTo = partIndex + 1;
      }
    }
  }
}
