package io.llmproxy.proxy.upstream;

import io.llmproxy.proxy.http.Digits;
import io.llmproxy.proxy.http.Http1Head;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the head of an HTTP/2 reply.
final class Http2Heads {

  private Http2Heads() {}

  /// The head, or null where `:status` is missing or malformed (RFC 9113 section 8.3.2).
  static @Nullable UpstreamHead reply(Http2Headers headers) {
    CharSequence text = headers.status();
    long status = text == null ? -1 : Digits.parse(AsciiString.of(text));
    if (status < 100 || status > 999) {
      return null;
    }
    UpstreamHead head = new UpstreamHead((int) status);
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      AsciiString value = AsciiString.of(field.getValue());
      if (field.getKey().charAt(0) != ':' && Http1Head.isLegalValue(value)) {
        head.field(AsciiString.of(field.getKey()), value);
      }
    }
    return head;
  }
}
