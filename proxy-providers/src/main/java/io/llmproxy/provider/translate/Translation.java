package io.llmproxy.provider.translate;

import io.llmproxy.provider.request.RequestFault;
import io.netty.buffer.ByteBuf;
import java.util.List;

/// What came of translating a request's body into another dialect.
public sealed interface Translation {

  /// The body in the other dialect.
  ///
  /// @param body given to the caller
  /// @param dropped names of fields that have no counterpart and that the mapping allows to leave
  ///   out, each once; to be counted and told in a header, never silent
  record Done(ByteBuf body, List<String> dropped) implements Translation {}

  /// A field cannot be mapped, and leaving it out would change what was asked for.
  record Refused(RequestFault fault) implements Translation {}
}
