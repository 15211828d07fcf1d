package io.llmproxy.provider.translate;

import io.llmproxy.provider.translate.ResponseItem.Kind;
import io.llmproxy.provider.wire.Usage;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a chat stream as one of Responses: the items of the output, one after the other.
///
/// An item ends where the next begins; only a call whose arguments have not closed then, because
/// its provider sends fragments of several by turns, stays open beside it. A call begins once its
/// name is known. What an item holds is kept, since its end and the response's repeat it.
final class ResponseOutput implements ChatStreamOutput {
  /// What may be kept in all, in bytes.
  static final int MOST_KEPT = BlockSequence.MOST_HELD;

  private final ResponseEvents events;

  /// In the order of the output.
  private final List<ResponseItem> items = new ArrayList<>();

  private final List<ResponseItem> calls = new ArrayList<>();
  private @Nullable ResponseItem openText;
  private long keptBytes;
  private boolean overflown;

  ResponseOutput(ResponseEvents events) {
    this.events = events;
  }

  @Override
  public void to(ByteBuf out) {
    events.to(out);
  }

  @Override
  public void start(byte[] bytes, Piece id, long inputTokens) {
    events.begin(bytes, id);
  }

  @Override
  public void text(Text text, byte[] bytes, Piece piece) {
    if (piece.isEmpty()) {
      return;
    }
    Kind kind =
        switch (text) {
          case REASONING -> Kind.REASONING;
          case CONTENT -> Kind.TEXT;
          case REFUSAL -> Kind.REFUSAL;
        };
    ResponseItem item = openText;
    if (item == null || item.kind() != kind) {
      closeWhole();
      item = ResponseItem.of(kind);
      openText = item;
      begin(item);
    }
    grow(item, bytes, piece);
  }

  @Override
  public void call(byte[] bytes, ToolDelta delta) {
    ResponseItem call = find(bytes, delta);
    if (call == null) {
      overflown |= calls.size() == BlockSequence.MOST_CALLS;
      if (overflown) {
        return;
      }
      call = ResponseItem.ofCall(delta.index < 0 ? calls.size() : delta.index);
      calls.add(call);
    }
    call.block().learn(bytes, delta);
    if (call.isOpen()) {
      grow(call, bytes, delta.arguments);
    } else if (!call.isPlaced()) {
      keep(call, bytes, delta.arguments);
      if (call.block().canStart()) {
        closeWhole();
        begin(call);
      }
    }
  }

  @Override
  public boolean isOverflown() {
    return overflown;
  }

  @Override
  public void end(@Nullable StopReason finish, Usage usage) {
    for (ResponseItem call : calls) {
      if (!call.isPlaced()) {
        begin(call);
      }
    }
    for (ResponseItem item : items) {
      if (item.isOpen()) {
        close(item, finish);
      }
    }
    events.end(items, finish, usage);
  }

  @Override
  public void error(ChatError error) {
    events.error(error);
  }

  private @Nullable ResponseItem find(byte[] bytes, ToolDelta delta) {
    for (int i = calls.size() - 1; i >= 0; i--) {
      if (calls.get(i).block().isOf(bytes, delta)) {
        return calls.get(i);
      }
    }
    return null;
  }

  /// Gives the item its place, and tells what of it is there.
  private void begin(ResponseItem item) {
    item.place(items.size(), events.base());
    items.add(item);
    events.added(item);
    HeldBytes early = item.text();
    if (early.length() > 0) {
      events.delta(item, early.array(), 0, early.length());
    }
  }

  private void grow(ResponseItem item, byte[] bytes, Piece piece) {
    keep(item, bytes, piece);
    if (!overflown && !piece.isEmpty()) {
      events.delta(item, bytes, piece.from, piece.to);
    }
  }

  private void keep(ResponseItem item, byte[] bytes, Piece piece) {
    keptBytes += piece.length();
    overflown |= keptBytes > MOST_KEPT;
    if (!overflown) {
      item.keep(bytes, piece.from, piece.to);
    }
  }

  /// Another item begins: ends the text, and the calls of which nothing is missing.
  private void closeWhole() {
    ResponseItem text = openText;
    if (text != null) {
      close(text, null);
      openText = null;
    }
    for (ResponseItem call : calls) {
      if (call.isOpen() && call.block().isWhole()) {
        close(call, null);
      }
    }
  }

  private void close(ResponseItem item, @Nullable StopReason finish) {
    if (item.lacksArguments()) {
      item.keepNoArguments();
      HeldBytes text = item.text();
      events.delta(item, text.array(), 0, text.length());
    }
    item.close(ResponseObject.isCut(finish));
    events.done(item);
  }
}
