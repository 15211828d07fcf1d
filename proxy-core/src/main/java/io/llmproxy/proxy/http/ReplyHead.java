package io.llmproxy.proxy.http;

import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Status and header fields of one reply to the caller. Names are in lower case.
public final class ReplyHead {

  /// The length of a body that is not known beforehand.
  public static final long UNKNOWN_LENGTH = -1;

  private final int status;
  private final long contentLength;
  private AsciiString[] fields = new AsciiString[24];
  private int size;

  /// @param contentLength in bytes, or [#UNKNOWN_LENGTH]
  public ReplyHead(int status, @Nullable AsciiString contentType, long contentLength) {
    this.status = status;
    this.contentLength = contentLength;
    if (contentType != null) {
      add(Names.CONTENT_TYPE, contentType);
    }
  }

  public int status() {
    return status;
  }

  public long contentLength() {
    return contentLength;
  }

  /// Adds a field; the caller answers for its bytes being legal in a field value.
  public ReplyHead add(AsciiString name, AsciiString value) {
    if (size == fields.length) {
      fields = Arrays.copyOf(fields, size * 2);
    }
    fields[size++] = name;
    fields[size++] = value;
    return this;
  }

  /// How many fields there are.
  public int size() {
    return size / 2;
  }

  public AsciiString name(int index) {
    return fields[index * 2];
  }

  public AsciiString value(int index) {
    return fields[index * 2 + 1];
  }
}
