package io.llmproxy.provider.wire;

import io.netty.buffer.ByteBuf;

/// Follows the body of one reply on its way from the provider to the caller: gives on what the
/// caller is to receive, and learns usage, content and completeness from the same bytes.
///
/// One instance per reply; used by one thread; after [#release] it must not be called again.
public interface ReplyReader {

  /// Takes `part`, the next bytes of the provider's body, cut anywhere. Gives `sink` what the
  /// caller is to receive, in order. Where nothing is to change, that is `part` itself.
  void read(ByteBuf part, PartSink sink);

  /// The provider's body ended cleanly: gives what was held back.
  void finish(PartSink sink);

  /// Whether the reply was seen to be whole: the dialect's terminator, or the end of the JSON
  /// value. Never so once [#hasError].
  boolean isComplete();

  /// Whether any content (text, reasoning, a tool call, a refusal) was seen.
  boolean hasContent();

  /// Whether the provider said in its reply, under a status of success, that it failed.
  boolean hasError();

  /// The counts known so far. What [#usageSource] calls partial or estimated has its output filled
  /// up from the content seen ([ContentMeter]); an input that the provider has not said is 0, since
  /// only the request tells it.
  Usage usage();

  /// How far [#usage] can be trusted now.
  UsageSource usageSource();

  /// What the provider said of the price so far.
  Billing billing();

  /// Releases what is held back; to be called once, however the reply ended.
  void release();
}
