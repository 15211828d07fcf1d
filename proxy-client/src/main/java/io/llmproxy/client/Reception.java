package io.llmproxy.client;

import io.netty.buffer.ByteBuf;

/// Where the replies of one call go, one try after another, until one is whole. Used on the event
/// loop.
interface Reception {

  /// A try has a reply of success, whose body follows.
  void begin();

  /// Takes `part`. Gives what is wrong with the reply, [Fault#NONE] for nothing.
  Fault part(ByteBuf part);

  /// The reply ended. Gives what is wrong with it, [Fault#NONE] where it is whole; then everything
  /// was delivered.
  Fault end(ReplyInfo info);

  /// The reply was lost. Whether it was whole all the same.
  boolean isWholeWhenLost();

  /// Whether the caller was given some of the answer itself.
  boolean hasDelivered();

  /// Whether another try can go on from what was delivered.
  boolean isResumable();

  /// The call came to nothing.
  void fail(LlmException exception);

  /// What may be wrong with a reply that began well.
  ///
  /// @param body of an error that was told inside the reply; empty for none
  /// @param why empty for nothing wrong
  /// @param isFinal whether no further try is of use
  @SuppressWarnings("ArrayRecordComponent") // carried once, never compared
  record Fault(String why, byte[] body, boolean isFinal) {
    static final Fault NONE = new Fault("", new byte[0], false);

    static Fault of(String why) {
      return new Fault(why, new byte[0], false);
    }

    boolean isNone() {
      return why.isEmpty();
    }
  }
}
