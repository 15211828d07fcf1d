package io.llmproxy.proxy.listen;

import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.HeaderName;
import io.llmproxy.proxy.http.Http1Head;
import io.llmproxy.proxy.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads the head of an HTTP/1.1 request, and refuses whatever could be understood in two ways (RFC
/// 9112 sections 3, 6.1, 6.3).
final class Http1RequestReader {

  /// The answer to a head: what was read, or why it is refused.
  sealed interface Result {
    /// `bodyBytes` is the announced length, [#CHUNKED] where chunks tell it.
    record Read(RequestHead head, long bodyBytes, boolean keepAlive, boolean http11)
        implements Result {}

    record Refused(Failure failure) implements Result {}
  }

  static final long CHUNKED = -1;

  /// A longer request target is refused, in any version of HTTP.
  static final int MOST_TARGET_BYTES = 8192;

  private static final int MOST_METHOD_BYTES = 20;
  private static final AsciiString CHUNKED_TEXT = AsciiString.cached("chunked");
  private static final AsciiString POST = AsciiString.cached("POST");

  private final String peer;
  private @Nullable RequestHead head;

  Http1RequestReader(String peer) {
    this.peer = peer;
  }

  /// Reads the head that ends at `end` and moves the reader index behind it.
  Result read(ByteBuf buf, int end) {
    int start = buf.readerIndex();
    buf.readerIndex(end);
    int lineEnd = Http1Head.lineEnd(buf, start, end);
    if (lineEnd < 0) {
      return refused("request line does not end in CR LF");
    }
    int methodEnd = buf.indexOf(start, lineEnd, (byte) ' ');
    int versionStart = lineEnd - 8;
    if (methodEnd <= start
        || methodEnd - start > MOST_METHOD_BYTES
        || versionStart - 1 <= methodEnd) {
      return refused("request line (expected: METHOD SP TARGET SP HTTP/1.1)");
    }
    if (versionStart - 1 - methodEnd > MOST_TARGET_BYTES) {
      return new Result.Refused(urlTooLong());
    }
    int version = version(buf, versionStart);
    if (version < 0
        || !isMethod(buf, start, methodEnd)
        || !isTarget(buf, methodEnd + 1, versionStart - 1)) {
      return refused("request line (expected: METHOD SP TARGET SP HTTP/1.1)");
    }
    RequestHead read =
        new RequestHead(
            method(buf, start, methodEnd), target(buf, methodEnd + 1, versionStart - 1), peer);
    head = read;
    boolean fields = Http1Head.fields(buf, lineEnd + 2, end, this::field);
    head = null;
    return fields
        ? framed(read, version == 1)
        : refused("header field is malformed, or one that may stand once is repeated");
  }

  private static Result framed(RequestHead head, boolean http11) {
    boolean chunked = head.has(HeaderName.TRANSFER_ENCODING);
    if (http11 && !head.has(HeaderName.HOST)) {
      return refused("header host is missing");
    }
    if (chunked && (!http11 || head.has(HeaderName.CONTENT_LENGTH))) {
      return refused("transfer-encoding with content-length, or in HTTP/1.0");
    }
    AsciiString coding = head.get(HeaderName.TRANSFER_ENCODING);
    if (coding != null && !coding.contentEqualsIgnoreCase(CHUNKED_TEXT)) {
      return refused("transfer-encoding (expected: chunked)");
    }
    long length = head.contentLength();
    if (length < -1) {
      return refused("content-length (expected: digits)");
    }
    return new Result.Read(
        head, chunked ? CHUNKED : Math.max(0, length), keepAlive(head, http11), http11);
  }

  private static boolean keepAlive(RequestHead head, boolean http11) {
    AsciiString connection = head.get(HeaderName.CONNECTION);
    if (connection == null) {
      return http11;
    }
    String text = connection.toString().toLowerCase(Locale.ROOT);
    return http11 ? !text.contains("close") : text.contains("keep-alive");
  }

  private boolean field(ByteBuf buf, int nameStart, int nameEnd, int valueStart, int valueEnd) {
    HeaderName name = HeaderName.find(buf, nameStart, nameEnd);
    RequestHead filling = head;
    if (name == null || filling == null) {
      return filling != null;
    }
    if (filling.has(name) && standsOnce(name)) {
      return false;
    }
    filling.add(name, text(buf, valueStart, valueEnd));
    return true;
  }

  private static boolean standsOnce(HeaderName name) {
    return switch (name) {
      case HOST,
          CONTENT_LENGTH,
          TRANSFER_ENCODING,
          CONTENT_TYPE,
          AUTHORIZATION,
          X_API_KEY,
          X_REQUEST_ID,
          TRACEPARENT,
          IDEMPOTENCY_KEY,
          ANTHROPIC_VERSION,
          RETRY_COUNT,
          ATTEMPT,
          MAX_ATTEMPTS,
          TIMEOUT_MS ->
          true;
      case CONTENT_ENCODING,
          CONNECTION,
          EXPECT,
          ACCEPT,
          X_FORWARDED_FOR,
          FORWARDED,
          USER_AGENT,
          TRACESTATE,
          OPENAI_BETA,
          ANTHROPIC_BETA ->
          false;
    };
  }

  private static int version(ByteBuf buf, int start) {
    boolean http1 =
        buf.getInt(start) == 0x48545450
            && buf.getByte(start + 4) == '/'
            && buf.getByte(start + 5) == '1'
            && buf.getByte(start + 6) == '.'
            && buf.getByte(start - 1) == ' ';
    int minor = buf.getByte(start + 7) - '0';
    return http1 && (minor == 0 || minor == 1) ? minor : -1;
  }

  private static boolean isMethod(ByteBuf buf, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!Http1Head.isToken(buf.getByte(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isTarget(ByteBuf buf, int start, int end) {
    for (int i = start; i < end; i++) {
      byte b = buf.getByte(i);
      if (b <= ' ' || b == 0x7f) {
        return false;
      }
    }
    return end > start
        && (buf.getByte(start) == '/' || buf.getByte(start) == 'h' || buf.getByte(start) == '*');
  }

  private static AsciiString method(ByteBuf buf, int start, int end) {
    boolean post = end - start == 4 && buf.getInt(start) == 0x504f5354;
    return post ? POST : text(buf, start, end);
  }

  /// The target's path and query; of the absolute form (RFC 9112 section 3.2.2) what follows the
  /// authority.
  private static AsciiString target(ByteBuf buf, int start, int end) {
    AsciiString target = text(buf, start, end);
    if (target.byteAt(0) == '/') {
      return target;
    }
    int authority = target.indexOf("://", 0);
    int path = authority < 0 ? -1 : target.indexOf("/", authority + 3);
    return path < 0 ? target : target.subSequence(path, target.length(), false);
  }

  private static AsciiString text(ByteBuf buf, int start, int end) {
    byte[] bytes = new byte[end - start];
    buf.getBytes(start, bytes);
    return new AsciiString(bytes, false);
  }

  static Failure urlTooLong() {
    return new Failure(
        FailureKind.URL_TOO_LONG, "url is longer than " + MOST_TARGET_BYTES + " bytes");
  }

  private static Result refused(String what) {
    return new Result.Refused(
        new Failure(FailureKind.REQUEST_MALFORMED, "malformed request: " + what));
  }
}
