package io.llmproxy.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// The request headers the proxy reads. A header that is none of these is never looked at, and
/// never sent on: requests to a provider are built anew from this list (RFC 9110 section 7.6).
public enum HeaderName {
  HOST("host"),
  CONTENT_LENGTH("content-length"),
  CONTENT_TYPE("content-type"),
  CONTENT_ENCODING("content-encoding"),
  TRANSFER_ENCODING("transfer-encoding"),
  CONNECTION("connection"),
  EXPECT("expect"),
  ACCEPT("accept"),
  AUTHORIZATION("authorization"),
  X_API_KEY("x-api-key"),
  X_FORWARDED_FOR("x-forwarded-for"),
  FORWARDED("forwarded"),
  USER_AGENT("user-agent"),
  X_REQUEST_ID("x-request-id"),
  TRACEPARENT("traceparent"),
  TRACESTATE("tracestate"),
  IDEMPOTENCY_KEY("idempotency-key"),
  OPENAI_BETA("openai-beta"),
  ANTHROPIC_VERSION("anthropic-version"),
  ANTHROPIC_BETA("anthropic-beta"),
  RETRY_COUNT("x-stainless-retry-count"),
  ATTEMPT("x-llmproxy-attempt"),
  MAX_ATTEMPTS("x-llmproxy-max-attempts"),
  TIMEOUT_MS("x-llmproxy-timeout-ms");

  private static final int LONGEST = 23;
  private static final HeaderName[][] BY_LENGTH = byLength();

  private final AsciiString text;

  HeaderName(String text) {
    this.text = AsciiString.cached(text);
  }

  /// The name in lower case.
  public AsciiString text() {
    return text;
  }

  private static HeaderName[][] byLength() {
    HeaderName[][] table = new HeaderName[LONGEST + 1][];
    for (int length = 0; length <= LONGEST; length++) {
      int wanted = length;
      table[length] =
          java.util.Arrays.stream(values())
              .filter(name -> name.text.length() == wanted)
              .toArray(HeaderName[]::new);
    }
    return table;
  }

  /// The header whose name stands in `[start, end)` of `buf`, in any case; null if it is none of
  /// ours.
  public static @Nullable HeaderName find(ByteBuf buf, int start, int end) {
    int length = end - start;
    if (length > LONGEST) {
      return null;
    }
    for (HeaderName name : BY_LENGTH[length]) {
      if (matches(name.text, buf, start)) {
        return name;
      }
    }
    return null;
  }

  /// Likewise for a name that is in lower case already, as HTTP/2 demands (RFC 9113 section 8.2).
  public static @Nullable HeaderName find(CharSequence lowerCase) {
    if (lowerCase.length() > LONGEST) {
      return null;
    }
    for (HeaderName name : BY_LENGTH[lowerCase.length()]) {
      if (name.text.contentEquals(lowerCase)) {
        return name;
      }
    }
    return null;
  }

  private static boolean matches(AsciiString text, ByteBuf buf, int start) {
    for (int i = 0; i < text.length(); i++) {
      int b = buf.getByte(start + i);
      int lower = b >= 'A' && b <= 'Z' ? b | 0x20 : b;
      if (lower != text.byteAt(i)) {
        return false;
      }
    }
    return true;
  }
}
