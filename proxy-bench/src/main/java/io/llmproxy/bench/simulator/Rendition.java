package io.llmproxy.bench.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything of a reply that is the same each time one script is asked for in one way, rendered
/// once. Replies retain it; used on one event loop.
final class Rendition extends AbstractReferenceCounted {

  /// The ways of asking.
  ///
  /// @param responses whether by Responses
  record Key(
      SimulatedProvider provider,
      boolean responses,
      RequestFacts facts,
      boolean chunked,
      Course course) {}

  /// What precedes and follows the events, and the head.
  ///
  /// @param between what stands between the last reasoning event and the first content event
  /// @param errorRecord the record that an error in the middle is told by, or that a fault puts
  ///   there
  record Around(
      int status,
      List<CharSequence> fields,
      boolean ownHead,
      Template opening,
      Template between,
      Template closing,
      Template errorRecord) {}

  private static final int BLOCK_BYTES = 16 * 1024;

  final Key key;
  final Script script;
  final ModelBook book;
  final Around around;
  final boolean streams;
  final int reasoningEvents;
  final byte[] text;
  final byte[] reasoningText;

  private final @Nullable Event first;
  private final Event[] reasoning;
  private final Event[] content;
  private final @Nullable ByteBuf block;
  private final int blockEvents;

  Rendition(Key key, RenditionDraft draft, ModelBook book) {
    this.key = key;
    this.book = book;
    script = draft.script();
    around = draft.around();
    streams = draft.streams();
    reasoningEvents = draft.reasoning().isEmpty() ? 0 : script.think();
    text = draft.text().getBytes(UTF_8);
    reasoningText = draft.reasoningText().getBytes(UTF_8);
    first = draft.first();
    reasoning = draft.reasoning().toArray(new Event[0]);
    content = draft.content().toArray(new Event[0]);
    boolean repeats = streams && content.length == 1 && !script.stamp() && !script.bytewise();
    blockEvents =
        repeats && script.rate() == 0
            ? Math.min(script.events(), BLOCK_BYTES / content[0].bytes().readableBytes())
            : 0;
    block = blockEvents > 1 ? content[0].repeated(blockEvents) : null;
  }

  SimulatedProvider provider() {
    return key.provider();
  }

  /// Events of a stream, reasoning first; none of an answer that is sent whole.
  int events() {
    return streams ? reasoningEvents + script.events() : 0;
  }

  Event event(int index) {
    if (index == 0 && first != null) {
      return first;
    }
    return index < reasoningEvents
        ? reasoning[index % reasoning.length]
        : content[(index - reasoningEvents) % content.length];
  }

  /// How many events from `index` on may go out as one block: 0 where they may not.
  int blockEvents(int index) {
    boolean plainContent =
        block != null && index >= reasoningEvents && (index > 0 || first == null);
    return plainContent && events() - index >= blockEvents ? blockEvents : 0;
  }

  /// Gives the block of [#blockEvents] events.
  ByteBuf takeBlock() {
    if (block == null) {
      throw new IllegalStateException("no block");
    }
    return block.retainedDuplicate();
  }

  int eventBodyBytes() {
    return content[0].bodyBytes();
  }

  /// Whether it is small enough to be kept.
  boolean isKept() {
    long bytes = (long) text.length + reasoningText.length + (block == null ? 0 : BLOCK_BYTES);
    for (Event event : content) {
      bytes += event.bodyBytes();
    }
    return !script.echo() && bytes < 256 * 1024;
  }

  @Override
  protected void deallocate() {
    if (first != null) {
      first.bytes().release();
    }
    for (Event event : reasoning) {
      event.bytes().release();
    }
    for (Event event : content) {
      event.bytes().release();
    }
    if (block != null) {
      block.release();
    }
  }

  @Override
  public ReferenceCounted touch(Object hint) {
    return this;
  }
}
