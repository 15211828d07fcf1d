package io.llmproxy.provider.resume;

import io.llmproxy.provider.resume.Step.Mark;
import io.llmproxy.provider.resume.Step.Text;
import io.llmproxy.provider.wire.Dialect;
import io.llmproxy.provider.wire.JsonText;
import io.llmproxy.provider.wire.PartSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
  private final RecordGathering gathering = new RecordGathering();

  /// What was told of the answer as a whole.
  private final Set<Step> openings = new HashSet<>();

  private String id = "";
  private long lastNumber = -1;
  private boolean again;

  /// Whether the telling goes on from the end, and has not come to its first text.
  private boolean continuing;

  private boolean done;
  private boolean failed;
  private boolean disagreed;

  public ResumableStream(Dialect dialect, ByteBufAllocator allocator) {
    this.dialect = dialect;
    this.allocator = allocator;
  }

  /// Takes `part`, the next bytes of the stream; gives `sink` what the caller is to have.
  public void read(ByteBuf part, PartSink sink) {
    gathering.add(part);
    part.release();
    ByteBuf out = null;
    while (!isStopped() && gathering.next()) {
      if (out == null) {
        out = allocator.buffer(gathering.recordBytes());
      }
      record(out);
    }
    failed |= gathering.isTooLong();
    if (out != null && out.isReadable()) {
      sink.part(out);
    } else if (out != null) {
      out.release();
    }
  }

  /// The provider's telling ended: whether by its own words or not is known by [#isDone].
  public void finish(PartSink sink) {
    gathering.end();
    read(allocator.buffer(0), sink);
  }

  private boolean isStopped() {
    return done || failed || disagreed;
  }

  private void record(ByteBuf out) {
    StreamRecord record = StreamRecord.of(dialect, gathering.data());
    switch (record.kind()) {
      case ERROR, MALFORMED -> failed = true;
      case OPENING -> {
        noteId(record.leaves());
        if ((!again || delivered.isPassed()) && openings.addAll(record.steps())) {
          give(out, List.of(), record.leaves());
        }
      }
      case LAST -> {
        if (again && !delivered.isPassed()) {
          disagreed = true;
        } else {
          done = true;
          give(out, List.of(), record.leaves());
        }
      }
      case PART -> part(record, out);
    }
  }

  private void noteId(Map<String, Leaf> leaves) {
    Leaf first = leaves.get("id");
    id = id.isEmpty() && first != null ? first.value() : id;
  }

  private void part(StreamRecord record, ByteBuf out) {
    if (!again) {
      noteId(record.leaves());
      record.steps().forEach(delivered::add);
      give(out, List.of(), record.leaves());
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
      give(out, patches, record.leaves());
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

  private void give(ByteBuf out, List<Patch> patches, Map<String, Leaf> leaves) {
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
    if (all.isEmpty()) {
      gathering.writeRecord(out);
    } else {
      writePatched(out, all);
    }
  }

  private void writePatched(ByteBuf out, List<Patch> patches) {
    byte[] data = gathering.data();
    patches.sort(Comparator.comparingInt(Patch::from));
    gathering.writeEventLine(out);
    out.writeCharSequence("data: ", StandardCharsets.US_ASCII);
    int at = 0;
    for (Patch patch : patches) {
      out.writeBytes(data, at, patch.from() - at);
      out.writeCharSequence(patch.with(), StandardCharsets.UTF_8);
      at = patch.to();
    }
    out.writeBytes(data, at, data.length - at);
    out.writeCharSequence("\n\n", StandardCharsets.US_ASCII);
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
    gathering.clear();
    if (fromEnd) {
      delivered.beginAtEnd();
    } else {
      delivered.begin();
    }
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
