package io.llmproxy.provider.request;

/// What one provider's Chat Completions takes otherwise than OpenAI's: how a caller's request is
/// changed so that this provider takes it. Holds no state of a request; one serves all threads.
@FunctionalInterface
public interface ChatQuirks {
  /// Takes every request as it is.
  ChatQuirks NONE = _ -> {};

  /// Says what must change in `body`, or why it cannot be sent to this provider.
  void adapt(ObjectEdit body);

  /// Whether the provider takes `stream_options`. One that does not reports usage without it; then
  /// the field is removed where the caller sent it, and never added.
  default boolean takesStreamOptions() {
    return true;
  }

  /// Whether requests are taken as they are unless they name `max_tokens`, so that most need not be
  /// looked through.
  default boolean concernsMaxTokensAlone() {
    return false;
  }
}
