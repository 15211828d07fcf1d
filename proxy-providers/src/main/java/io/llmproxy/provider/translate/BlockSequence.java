package io.llmproxy.provider.translate;

import io.llmproxy.provider.translate.StreamBlock.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The content blocks of a message that is being streamed: one is open at a time, each is written
/// whole before the next begins.
///
/// What comes of the open block is written at once. What comes of another waits while the open one
/// may still go on: text may always end, a tool call once the JSON of its arguments has closed.
final class BlockSequence {
  /// What may wait in all, in bytes.
  static final int MOST_HELD = 32 * 1024 * 1024;

  /// More calls in one message are refused.
  static final int MOST_CALLS = 1024;

  private final MessageEvents events;
  private final ArrayDeque<StreamBlock> waiting = new ArrayDeque<>();
  private final List<StreamBlock> calls = new ArrayList<>();
  private @Nullable StreamBlock open;
  private boolean openIsEmpty;
  private long heldBytes;
  private boolean overflown;

  BlockSequence(MessageEvents events) {
    this.events = events;
  }

  /// The inside `piece` of a string is the next of the text, or of the thinking.
  void text(Kind kind, byte[] bytes, Piece piece) {
    if (piece.isEmpty()) {
      return;
    }
    if (waiting.isEmpty() && open != null && open.kind == kind) {
      events.blockDelta(bytes, piece.from, piece.to);
      return;
    }
    StreamBlock last = waiting.peekLast();
    if (last == null || last.kind != kind) {
      last = StreamBlock.of(kind);
      waiting.add(last);
    }
    hold(last, bytes, piece);
    advance(false);
  }

  /// `delta` is the next of the call it belongs to.
  void call(byte[] bytes, ToolDelta delta) {
    StreamBlock call = find(bytes, delta);
    if (call == null) {
      overflown |= calls.size() == MOST_CALLS;
      if (overflown) {
        return;
      }
      call = StreamBlock.ofTool(delta.index < 0 ? calls.size() : delta.index);
      calls.add(call);
      waiting.add(call);
    }
    call.learn(bytes, delta);
    if (call == open) {
      delta(bytes, delta.arguments);
    } else if (waiting.contains(call)) {
      hold(call, bytes, delta.arguments);
    }
    advance(false);
  }

  /// Nothing more comes: writes all that waited, and ends the last block.
  void finish() {
    advance(true);
    closeOpen();
  }

  boolean hasCalls() {
    return !calls.isEmpty();
  }

  /// Whether more had to wait than may.
  boolean isOverflown() {
    return overflown;
  }

  private @Nullable StreamBlock find(byte[] bytes, ToolDelta delta) {
    for (int i = calls.size() - 1; i >= 0; i--) {
      if (calls.get(i).isOf(bytes, delta)) {
        return calls.get(i);
      }
    }
    return null;
  }

  private void advance(boolean last) {
    StreamBlock next;
    while ((next = waiting.peek()) != null) {
      boolean free = open == null || open.isWhole();
      if (!last && !(free && next.canStart())) {
        return;
      }
      closeOpen();
      waiting.remove();
      events.blockStart(next);
      open = next;
      openIsEmpty = true;
      if (next.held.length() > 0) {
        openIsEmpty = false;
        events.blockDelta(next.held.array(), 0, next.held.length());
        heldBytes -= next.held.length();
        next.held.clear();
      }
    }
  }

  private void closeOpen() {
    StreamBlock ending = open;
    if (ending == null) {
      return;
    }
    switch (ending.kind) {
      case TOOL -> {
        if (openIsEmpty) {
          events.noArguments();
        }
      }
      case THINKING -> events.signature();
      case TEXT -> {}
    }
    events.blockStop();
    open = null;
  }

  private void delta(byte[] bytes, Piece piece) {
    if (!piece.isEmpty()) {
      openIsEmpty = false;
      events.blockDelta(bytes, piece.from, piece.to);
    }
  }

  private void hold(StreamBlock block, byte[] bytes, Piece piece) {
    heldBytes += piece.length();
    overflown |= heldBytes > MOST_HELD;
    if (!overflown) {
      block.held.add(bytes, piece.from, piece.to);
    }
  }
}
