package io.llmproxy.provider.api;

import io.llmproxy.provider.request.RequestFault;
import io.llmproxy.provider.request.UpstreamBody;
import io.llmproxy.provider.wire.Operation;
import io.netty.buffer.ByteBuf;
import java.util.List;

/// How a caller's request is put to one provider's model.
public sealed interface Plan {

  /// It is asked of the provider.
  ///
  /// @param operation the provider's own, by which its path is known
  /// @param body given to whoever takes the plan, which releases it; lives as long as the caller's
  ///   request's body
  /// @param dropped names of fields that are not sent though the caller sent them, each once; never
  ///   to be silent about
  /// @param replies what follows the provider's reply
  record Ask(Operation operation, UpstreamBody body, List<String> dropped, Replies replies)
      implements Plan {}

  /// It cannot be put to this model.
  record Refuse(RequestFault fault) implements Plan {}

  /// It is answered without the provider, by an estimate of how many tokens the request has.
  ///
  /// @param body JSON, given to whoever takes the plan
  record Estimate(ByteBuf body) implements Plan {}
}
