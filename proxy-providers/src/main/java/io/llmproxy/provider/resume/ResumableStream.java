package io.llmproxy.provider.resume;

import io.llmproxy.provider.resume.Step.Mark;
import io.llmproxy.provider.resume.Step.Text;
import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.sse.Records;
import io.llmproxy.provider.wire.Dialect;
import io.llmproxy.provider.wire.JsonText;
import io.llmproxy.provider.wire.PartSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A caller's stream that may go on with another provider's telling of the same answer.
///
/// Gives on whole records only, and never one that says that the provider failed: what the caller
/// has is always the beginning of an answer. After [#restart] records are compared with what was
/// delivered, character by character, and held back as far as they repeat it; where they differ
/// from it, [#hasDisagreed] is true and nothing more is given on. For one thread.
public final class ResumableStream {

  private static final String SEQUENCE_NUMBER = "sequence_number";

  /// Bytes put in the place of others.
  private record Patch(int from, int to, String with) {}

  private final Dialect dialect;
  private final ByteBufAllocator allocator;
  private final Delivered delivered = new Delivered();
  private RecordSplitter splitter = new RecordSplitter();

  /// What was told of the answer as a whole.
  private final Set<Step> openings = new HashSet<>();

  private String id = "";
  private long lastNumber = -1;
  private boolean again;

  /// Whether the telling goes on from the end, and has not come to its first text.
  private boolean continuing;

  /// Whether the record that came last was given on.
  private boolean given;

  private boolean done;
  private boolean failed;
  private boolean disagreed;

  public ResumableStream(Dialect dialect, ByteBufAllocator allocator) {
    this.dialect = dialect;
    this.allocator = allocator;
  }

  /// Takes `part`, the next bytes of the stream; gives `sink` what the caller is to have.
  public void read(ByteBuf part, PartSink sink) {
    ByteBuf out = allocator.buffer(part.readableBytes());
    splitter.split(part, new Follower(out));
    part.release();
    failed |= splitter.isTooLong();
    if (out.isReadable()) {
      sink.part(out);
    } else {
      out.release();
    }
  }

  private boolean isStopped() {
    return done || failed || disagreed;
  }

  /// Takes the records of one part.
  private final class Follower implements Records {
    private final ByteBuf out;

    Follower(ByteBuf out) {
      this.out = out;
    }

    @Override
    public void record(RecordSplitter record) {
      given = false;
      if (record.isTooLong()) {
        failed = true;
      } else if (!isStopped()) {
        follow(record, out);
      }
    }

    @Override
    public void repeated(byte[] bytes, int from, int to) {
      throw new IllegalStateException("a record was repeated, but none was learned");
    }

    @Override
    public void lateLineFeed(int partIndex) {
      if (given) {
        out.writeByte('\n');
      }
    }
  }

  private void follow(RecordSplitter source, ByteBuf out) {
    byte[] data = Arrays.copyOfRange(source.data(), source.dataFrom(), source.dataTo());
    StreamRecord record = StreamRecord.of(dialect, data);
    switch (record.kind()) {
      case ERROR, MALFORMED -> failed = true;
      case OPENING -> {
        noteId(record.leaves());
        if ((!again || delivered.isPassed()) && openings.addAll(record.steps())) {
          give(source, List.of(), record.leaves(), out);
        }
      }
      case LAST -> {
        if (again && !delivered.isPassed()) {
          disagreed = true;
        } else {
          done = true;
          give(source, List.of(), record.leaves(), out);
        }
      }
      case PART -> part(source, record, out);
    }
  }

  private void noteId(Map<String, Leaf> leaves) {
    Leaf first = leaves.get("id");
    id = id.isEmpty() && first != null ? first.value() : id;
  }

  private void part(RecordSplitter source, StreamRecord record, ByteBuf out) {
    if (!again) {
      noteId(record.leaves());
      record.steps().forEach(delivered::add);
      give(source, List.of(), record.leaves(), out);
      return;
    }
    List<Patch> patches = new ArrayList<>();
    int fresh = 0;
    boolean passedBefore = delivered.isPassed();
    for (Step step : record.steps()) {
      fresh += isFresh(step, patches) ? 1 : 0;
    }
    boolean gives = record.steps().isEmpty() ? passedBefore : fresh > 0;
    if (!disagreed && gives) {
      give(source, patches, record.leaves(), out);
    }
  }

  /// Whether the step, or some of it, is not yet delivered; what is, is patched away.
  private boolean isFresh(Step step, List<Patch> patches) {
    return switch (step) {
      case Text text -> {
        disagreed |= continuing && !delivered.endsWith(text);
        continuing = false;
        int repeated = delivered.passText(text);
        String piece = text.leaf().value();
        disagreed |= repeated < 0 || splitsCharacter(piece, repeated);
        if (repeated > 0) {
          patches.add(replace(text.leaf(), piece.substring(repeated)));
        }
        boolean fresh = repeated >= 0 && repeated < piece.length();
        if (fresh) {
          deliver(step, repeated);
        }
        yield fresh;
      }
      case Mark mark -> {
        if (continuing) {
          yield false;
        }
        if (delivered.isPassed()) {
          deliver(step, 0);
          yield true;
        }
        boolean same = delivered.passMark(mark);
        disagreed |= !same;
        mark.leaves().forEach(leaf -> patches.add(replace(leaf, "")));
        yield false;
      }
    };
  }

  private static boolean splitsCharacter(String piece, int at) {
    return at > 0 && at < piece.length() && Character.isLowSurrogate(piece.charAt(at));
  }

  private void deliver(Step step, int from) {
    delivered.add(step, from);
    delivered.beginAtEnd();
  }

  private static Patch replace(Leaf leaf, String text) {
    String quoted = new String(JsonText.quoted(text), StandardCharsets.UTF_8);
    return new Patch(leaf.from(), leaf.to(), quoted);
  }

  private void give(
      RecordSplitter source, List<Patch> patches, Map<String, Leaf> leaves, ByteBuf out) {
    List<Patch> all = new ArrayList<>(patches);
    Leaf number = leaves.get(SEQUENCE_NUMBER);
    if (number != null) {
      lastNumber = again ? lastNumber + 1 : parse(number, lastNumber + 1);
      if (again) {
        all.add(new Patch(number.from(), number.to(), Long.toString(lastNumber)));
      }
    }
    Leaf own = leaves.get("id");
    if (again && dialect == Dialect.OPENAI_CHAT && own != null && !id.isEmpty()) {
      all.add(replace(own, id));
    }
    given = true;
    if (all.isEmpty()) {
      source.writeTo(out);
    } else if (source.isJoined()) {
      // Nobody sends JSON in several lines; a line's end could not be put back.
      failed = true;
    } else {
      ByteBuf patched = patched(source, all);
      source.writeTo(out, patched);
      patched.release();
    }
  }

  private ByteBuf patched(RecordSplitter source, List<Patch> patches) {
    patches.sort(Comparator.comparingInt(Patch::from));
    byte[] data = source.data();
    int at = source.dataFrom();
    ByteBuf patched = allocator.buffer(source.dataTo() - at);
    for (Patch patch : patches) {
      int from = source.dataFrom() + patch.from();
      patched.writeBytes(data, at, from - at);
      patched.writeCharSequence(patch.with(), StandardCharsets.UTF_8);
      at = source.dataFrom() + patch.to();
    }
    return patched.writeBytes(data, at, source.dataTo() - at);
  }

  private static long parse(Leaf number, long fallback) {
    try {
      return Long.parseLong(number.value());
    } catch (NumberFormatException _) {
      return fallback;
    }
  }

  /// Another telling of the answer follows. What came last and was not whole is forgotten.
  ///
  /// @param fromEnd whether it goes on where the delivered text ends, instead of from the beginning
  public void restart(boolean fromEnd) {
    again = true;
    continuing = fromEnd;
    failed = false;
    disagreed = false;
    splitter.release();
    splitter = new RecordSplitter();
    if (fromEnd) {
      delivered.beginAtEnd();
    } else {
      delivered.begin();
    }
  }

  /// Nothing follows: gives up a record that is not whole. May be called again and again.
  public void release() {
    splitter.release();
  }

  /// Whether another telling may still complete the answer.
  public boolean isResumable() {
    return !done && !delivered.isTooLong();
  }

  /// What was delivered, where it is one text and nothing else; empty where it is not.
  public String deliveredText() {
    return delivered.isOneText() ? delivered.text() : "";
  }

  /// Whether the end of the answer was given on.
  public boolean isDone() {
    return done;
  }

  /// Whether the provider said that it failed, or sent what cannot be read.
  public boolean hasFailed() {
    return failed;
  }

  /// Whether the new telling differs from what was delivered.
  public boolean hasDisagreed() {
    return disagreed;
  }
}
