package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.proxy.relay.Relay;
import io.llmproxy.proxy.upstream.Attempt;
import io.llmproxy.proxy.upstream.UpstreamHead;
import io.netty.buffer.ByteBuf;

/// Where an exchange is, and what it owns there.
sealed interface Phase {

  /// The body arrives.
  record Reading(Operation operation, RequestBody body) implements Phase {}

  /// An attempt has been sent, its reply not begun. The body is kept to be sent again.
  record Trying(RequestBody body, Attempt attempt) implements Phase {}

  /// The provider said no: its error is gathered before it is told.
  record Refused(Attempt attempt, UpstreamHead head, ByteBuf error) implements Phase {}

  /// The reply is on its way to the caller.
  record Relaying(Attempt attempt, Relay relay) implements Phase {}

  /// An answer of our own is being made elsewhere.
  record Answering() implements Phase {}

  /// Over: reported, nothing owned.
  record Closed() implements Phase {}
}
