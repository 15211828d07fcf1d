package io.llmproxy.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;

/// How an exchange answers its caller, whichever HTTP version that is. Used on the connection's
/// event loop alone; order: one head, any parts, then one of end or abort. What is written goes out
/// at the next [#flush].
public interface ReplyWriter {

  /// Writes status and fields. Where `last` is set no body follows and the reply is ended.
  void head(ReplyHead head, boolean last);

  /// Takes `part`, the next bytes of the body. With `exclusive` the writer may also overwrite the
  /// bytes of the buffer before and after the readable ones.
  void part(ByteBuf part, boolean exclusive);

  /// Ends the reply cleanly.
  void end();

  /// Ends the reply cleanly, with a field that was not known before where the protocol has a place
  /// for it: a trailer of HTTP/2 (RFC 9113 section 8.1); HTTP/1.1 says none, for callers that have
  /// not asked for trailers.
  void end(AsciiString name, AsciiString value);

  /// Ends the reply so that no caller can take it for whole: a reset of the stream, or a close
  /// without the last chunk.
  void abort();

  /// Sends what was written.
  void flush();

  /// Whether the caller reads as fast as parts are written.
  boolean isWritable();
}
