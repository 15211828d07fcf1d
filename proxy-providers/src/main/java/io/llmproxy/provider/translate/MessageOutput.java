package io.llmproxy.provider.translate;

import io.llmproxy.provider.translate.StreamBlock.Kind;
import io.llmproxy.provider.wire.Usage;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Writes a chat stream as one of Messages: each chunk with content becomes one event.
final class MessageOutput implements ChatStreamOutput {
  private final MessageEvents events;
  private final BlockSequence blocks;
  private boolean refused;

  MessageOutput(MessageEvents events) {
    this.events = events;
    this.blocks = new BlockSequence(events);
  }

  @Override
  public void to(ByteBuf out) {
    events.to(out);
  }

  @Override
  public void start(byte[] bytes, Piece id, long inputTokens) {
    events.messageStart(bytes, id, inputTokens);
  }

  @Override
  public void text(Text kind, byte[] bytes, Piece piece) {
    refused |= kind == Text.REFUSAL && !piece.isEmpty();
    blocks.text(kind == Text.REASONING ? Kind.THINKING : Kind.TEXT, bytes, piece);
  }

  @Override
  public void call(byte[] bytes, ToolDelta delta) {
    blocks.call(bytes, delta);
  }

  @Override
  public boolean isOverflown() {
    return blocks.isOverflown();
  }

  @Override
  public void end(@Nullable StopReason finish, Usage usage) {
    blocks.finish();
    events.messageEnd(StopReason.of(finish, blocks.hasCalls(), refused), usage);
  }

  @Override
  public void error(ChatError error) {
    events.error(error);
  }
}
