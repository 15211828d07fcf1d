package io.llmproxy.proxy.http;

import io.netty.handler.codec.http2.Http2HeadersEncoder.SensitivityDetector;
import io.netty.util.AsciiString;
import java.util.Set;

/// Which fields HPACK must not remember (RFC 7541 section 7.1.3): secrets, and those that differ
/// with every request, which would only push the others out of the table.
public final class Http2Fields {

  private static final Set<AsciiString> NEVER =
      Set.of(
          AsciiString.cached("authorization"),
          AsciiString.cached("x-api-key"),
          AsciiString.cached("cookie"),
          AsciiString.cached("content-length"),
          AsciiString.cached("traceparent"),
          AsciiString.cached("tracestate"),
          AsciiString.cached("idempotency-key"),
          Names.X_REQUEST_ID,
          Names.REQUEST_ID,
          Names.UPSTREAM_REQUEST_ID,
          Names.OVERHEAD_US);

  public static final SensitivityDetector NEVER_INDEXED =
      (name, value) -> name instanceof AsciiString text && NEVER.contains(text);

  private Http2Fields() {}
}
