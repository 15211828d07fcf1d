package io.llmproxy.proxy.upstream;

import io.llmproxy.proxy.http.Digits;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Status and fields of a provider's reply, as far as they matter to the proxy or its caller.
public final class UpstreamHead {

  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  private static final AsciiString CONTENT_ENCODING = AsciiString.cached("content-encoding");
  private static final AsciiString TRANSFER_ENCODING = AsciiString.cached("transfer-encoding");
  private static final AsciiString DATE = AsciiString.cached("date");
  private static final AsciiString CONNECTION = AsciiString.cached("connection");
  private static final AsciiString REQUEST_ID = AsciiString.cached("request-id");
  private static final AsciiString X_REQUEST_ID = AsciiString.cached("x-request-id");
  private static final List<AsciiString> FORWARDED =
      List.of(
          AsciiString.cached("retry-after"),
          AsciiString.cached("retry-after-ms"),
          AsciiString.cached("x-should-retry"));
  private static final List<AsciiString> FORWARDED_PREFIXES =
      List.of(
          AsciiString.cached("x-ratelimit-"),
          AsciiString.cached("anthropic-ratelimit-"),
          AsciiString.cached("anthropic-priority-"),
          AsciiString.cached("openai-"));

  private final int status;
  private @Nullable AsciiString contentType;
  private @Nullable AsciiString contentLength;
  private @Nullable AsciiString contentEncoding;
  private @Nullable AsciiString transferEncoding;
  private @Nullable AsciiString connection;
  private @Nullable AsciiString requestId;
  private @Nullable AsciiString date;
  private final List<AsciiString> forwarded = new ArrayList<>(0);
  private boolean malformed;

  UpstreamHead(int status) {
    this.status = status;
  }

  public int status() {
    return status;
  }

  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  public @Nullable AsciiString contentType() {
    return contentType;
  }

  /// The caller is to be given a body of this type instead.
  public void showAs(AsciiString otherType) {
    contentType = otherType;
  }

  /// Whether the body is `text/event-stream`.
  public boolean isEventStream() {
    return contentType != null
        && contentType.toString().toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }

  /// Whether the body is JSON.
  public boolean isJson() {
    return contentType != null
        && contentType.toString().toLowerCase(Locale.ROOT).startsWith("application/json");
  }

  public @Nullable AsciiString contentEncoding() {
    return contentEncoding;
  }

  /// The provider's own id of the request.
  public @Nullable AsciiString requestId() {
    return requestId;
  }

  /// The provider's clock; read of a refusal only.
  public @Nullable AsciiString date() {
    return date;
  }

  /// Names and values in turn of the fields that the caller is to see.
  public List<AsciiString> forwarded() {
    return forwarded;
  }

  /// How many bytes of body were announced, −1 where none were.
  public long bodyBytes() {
    return contentLength == null ? -1 : Digits.parse(contentLength);
  }

  @Nullable AsciiString contentLength() {
    return contentLength;
  }

  @Nullable AsciiString transferEncoding() {
    return transferEncoding;
  }

  @Nullable AsciiString connection() {
    return connection;
  }

  /// Whether fields that decide the framing contradict each other.
  boolean isMalformed() {
    return malformed;
  }

  /// Takes a field of an HTTP/1.1 head; those that cannot matter are told by their first letter and
  /// cost nothing.
  boolean field(ByteBuf buf, int nameStart, int nameEnd, int valueStart, int valueEnd) {
    switch (buf.getByte(nameStart) | 0x20) {
      case 'a', 'c', 'o', 'r', 't', 'x' ->
          field(text(buf, nameStart, nameEnd).toLowerCase(), text(buf, valueStart, valueEnd));
      case 'd' -> {
        if (!isSuccess()) {
          field(text(buf, nameStart, nameEnd).toLowerCase(), text(buf, valueStart, valueEnd));
        }
      }
      default -> {}
    }
    return true;
  }

  /// Takes a field; `name` in lower case.
  void field(AsciiString name, AsciiString value) {
    if (CONTENT_TYPE.equals(name)) {
      contentType = value;
    } else if (CONTENT_LENGTH.equals(name)) {
      malformed |= contentLength != null && !contentLength.equals(value);
      contentLength = value;
    } else if (CONTENT_ENCODING.equals(name)) {
      contentEncoding = value;
    } else if (TRANSFER_ENCODING.equals(name)) {
      malformed |= transferEncoding != null;
      transferEncoding = value;
    } else if (CONNECTION.equals(name)) {
      connection = value;
    } else if (REQUEST_ID.equals(name) || X_REQUEST_ID.equals(name)) {
      requestId = value;
    } else if (DATE.equals(name)) {
      date = value;
    } else if (isForwarded(name)) {
      forwarded.add(name);
      forwarded.add(value);
    }
  }

  private static boolean isForwarded(AsciiString name) {
    for (AsciiString prefix : FORWARDED_PREFIXES) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return FORWARDED.contains(name);
  }

  private static AsciiString text(ByteBuf buf, int start, int end) {
    byte[] bytes = new byte[end - start];
    buf.getBytes(start, bytes);
    return new AsciiString(bytes, false);
  }

  @Override
  public String toString() {
    return status
        + " "
        + new String(
            contentType == null ? new byte[0] : contentType.array(), StandardCharsets.US_ASCII);
  }
}
