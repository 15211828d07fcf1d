package io.llmproxy.provider.translate;

import io.llmproxy.provider.wire.Usage;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// What a chat stream is written as in another dialect. One instance for a stream.
interface ChatStreamOutput {

  /// What a piece of text is.
  enum Text {
    REASONING,
    CONTENT,
    REFUSAL
  }

  /// Borrows `out`; what follows is appended to it from now on.
  void to(ByteBuf out);

  /// The answer begins, before all else; its id has the inside `id` of a string, which may be
  /// empty. `inputTokens` is an estimate.
  void start(byte[] bytes, Piece id, long inputTokens);

  /// The inside `piece` of a string is the next of a text; it may be empty.
  void text(Text kind, byte[] bytes, Piece piece);

  /// `delta` is the next of the call it belongs to.
  void call(byte[] bytes, ToolDelta delta);

  /// Whether more had to be kept than may.
  boolean isOverflown();

  /// Nothing more comes: the answer ended for `finish`, null where its provider said nothing.
  void end(@Nullable StopReason finish, Usage usage);

  /// The provider failed, be it before the answer began.
  void error(ChatError error);
}
