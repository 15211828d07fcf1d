package io.llmproxy.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;

/// A POST that is sent over and over, rendered once.
///
/// @param authority host and port, as `host` or `:authority`
/// @param headers further fields, names in lower case
/// @param body JSON, in ASCII
public record RequestTemplate(String authority, String path, List<Field> headers, String body) {

  /// One header field.
  public record Field(String name, String value) {}

  /// The same request to another address.
  public RequestTemplate to(String newAuthority) {
    return new RequestTemplate(newAuthority, path, headers, body);
  }

  byte[] http1Bytes() {
    StringBuilder head = new StringBuilder(256);
    head.append("POST ").append(path).append(" HTTP/1.1\r\nhost: ").append(authority);
    head.append("\r\ncontent-type: application/json\r\ncontent-length: ").append(body.length());
    for (Field field : headers) {
      head.append("\r\n").append(field.name()).append(": ").append(field.value());
    }
    head.append("\r\n\r\n");
    return head.append(body).toString().getBytes(US_ASCII);
  }

  byte[] bodyBytes() {
    return body.getBytes(US_ASCII);
  }

  Http2Headers http2Headers() {
    Http2Headers head = new DefaultHttp2Headers(false);
    head.method("POST").scheme("http").authority(authority).path(path);
    head.add("content-type", "application/json");
    head.add("content-length", Integer.toString(body.length()));
    for (Field field : headers) {
      head.add(field.name(), field.value());
    }
    return head;
  }
}
