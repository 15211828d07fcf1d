package io.llmproxy.proxy.upstream;

import io.llmproxy.proxy.http.Digits;
import io.llmproxy.proxy.http.Http1Head;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the head of an HTTP/2 request and reads that of a reply.
final class Http2Heads {

  private static final AsciiString POST = AsciiString.cached("POST");
  private static final AsciiString HTTP = AsciiString.cached("http");
  private static final AsciiString HTTPS = AsciiString.cached("https");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");

  private Http2Heads() {}

  static Http2Headers request(Upstream upstream, UpstreamRequest request) {
    List<AsciiString> fields = request.fields();
    AsciiString[] pairs = fields.toArray(new AsciiString[fields.size() + 2]);
    pairs[fields.size()] = CONTENT_LENGTH;
    pairs[fields.size() + 1] = AsciiString.of(Long.toString(request.body().length()));
    return ReadOnlyHttp2Headers.clientHeaders(
        false, POST, request.path(), upstream.tls() ? HTTPS : HTTP, upstream.authority(), pairs);
  }

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
