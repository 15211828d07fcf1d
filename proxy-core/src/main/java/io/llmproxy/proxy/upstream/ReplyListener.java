package io.llmproxy.proxy.upstream;

import io.llmproxy.proxy.failure.Failure;
import io.netty.buffer.ByteBuf;

/// Told of a provider's reply to one attempt, on the attempt's event loop: one head, any parts,
/// then one of end or failure; a failure may also come first. Nothing is told after
/// [Attempt#cancel].
public interface ReplyListener {

  void onHead(UpstreamHead head);

  /// Takes `part`. `exclusive`: the whole buffer belongs to this part, bytes around it included.
  void onPart(ByteBuf part, boolean exclusive);

  /// The reply ended cleanly.
  void onEnd();

  /// All that one read of the connection brought was told; a good moment to flush.
  void onBatchEnd();

  void onFailure(Failure failure);
}
