package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.proxy.relay.Relay;
import io.llmproxy.proxy.upstream.Attempt;
import io.llmproxy.proxy.upstream.UpstreamHead;
import io.netty.buffer.ByteBuf;

/// Where an exchange is, and what it owns there.
sealed interface Phase {

  /// Gives up what the phase owns; an attempt under way is cancelled.
  void abandon();

  /// The body arrives.
  record Reading(Operation operation, RequestBody body) implements Phase {
    @Override
    public void abandon() {
      body.release();
    }
  }

  /// An attempt has been sent, its reply not begun. The body is kept to be sent again.
  record Trying(RequestBody body, Sent sent, Attempt attempt) implements Phase {
    @Override
    public void abandon() {
      attempt.cancel();
      sent.release();
      body.release();
    }
  }

  /// The provider said no: its error is gathered before it is told, or the request sent again.
  record Refused(RequestBody body, Sent sent, Attempt attempt, UpstreamHead head, ByteBuf error)
      implements Phase {
    private static final int MOST_BYTES = 64 << 10;

    /// Takes `part` of what the provider says.
    void read(ByteBuf part) {
      int room = MOST_BYTES - error.readableBytes();
      error.writeBytes(part, Math.min(room, part.readableBytes()));
      part.release();
    }

    @Override
    public void abandon() {
      attempt.cancel();
      error.release();
      sent.release();
      body.release();
    }
  }

  /// A reply that is no stream arrives; nothing of it is told before it is known to be an answer.
  record Gathering(Attempt attempt, WholeReply reply) implements Phase {
    @Override
    public void abandon() {
      attempt.cancel();
      reply.release();
    }
  }

  /// The reply is on its way to the caller.
  record Relaying(Attempt attempt, Relay relay) implements Phase {
    @Override
    public void abandon() {
      attempt.cancel();
      relay.release();
    }
  }

  /// An answer of our own is being made elsewhere.
  record Answering() implements Phase {
    @Override
    public void abandon() {}
  }

  /// Over: reported, nothing owned.
  record Closed() implements Phase {
    @Override
    public void abandon() {}
  }
}
