package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.wire.ErrorReply;
import io.llmproxy.provider.wire.ProviderError;
import io.llmproxy.proxy.upstream.UpstreamHead;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what a provider says of an error out of its reply.
final class ProviderErrors {

  private ProviderErrors() {}

  static ProviderError read(UpstreamHead head, byte[] body) {
    AsciiString contentType = head.contentType();
    return ProviderError.read(
        new ErrorReply(
            head.status(),
            contentType == null ? null : contentType.toString(),
            body,
            name -> field(head.forwarded(), name),
            System.currentTimeMillis()));
  }

  private static @Nullable String field(List<AsciiString> fields, String name) {
    for (int i = 0; i < fields.size(); i += 2) {
      if (fields.get(i).contentEquals(name)) {
        return fields.get(i + 1).toString();
      }
    }
    return null;
  }
}
