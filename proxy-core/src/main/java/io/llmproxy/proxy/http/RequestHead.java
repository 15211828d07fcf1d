package io.llmproxy.proxy.http;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// Start line and header fields of one downstream request, as far as the proxy needs them.
///
/// Filled by a listener on its event loop, then read only.
public final class RequestHead {

  private static final AsciiString SEPARATOR = AsciiString.cached(",");

  private final AsciiString method;
  private final AsciiString target;
  private final String peer;
  private final @Nullable AsciiString[] values =
      new @Nullable AsciiString[HeaderName.values().length];

  /// @param target the request target as sent: path and query
  /// @param peer the address of the caller
  public RequestHead(AsciiString method, AsciiString target, String peer) {
    this.method = method;
    this.target = target;
    this.peer = peer;
  }

  public AsciiString method() {
    return method;
  }

  public AsciiString target() {
    return target;
  }

  public String peer() {
    return peer;
  }

  /// The path without its query.
  public AsciiString path() {
    int query = target.indexOf('?', 0);
    return query < 0 ? target : target.subSequence(0, query, false);
  }

  public @Nullable AsciiString get(HeaderName name) {
    return values[name.ordinal()];
  }

  public boolean has(HeaderName name) {
    return values[name.ordinal()] != null;
  }

  /// Adds a field; a repeated one is joined by a comma (RFC 9110 section 5.3).
  public void add(HeaderName name, AsciiString value) {
    AsciiString before = values[name.ordinal()];
    values[name.ordinal()] = before == null ? value : before.concat(SEPARATOR).concat(value);
  }

  /// `content-length` in bytes, −1 where there is none, −2 where it is malformed.
  public long contentLength() {
    AsciiString text = get(HeaderName.CONTENT_LENGTH);
    return text == null ? -1 : Digits.parse(text);
  }
}
