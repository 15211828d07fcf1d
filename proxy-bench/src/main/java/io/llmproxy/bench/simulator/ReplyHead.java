package io.llmproxy.bench.simulator;

import io.netty.util.AsciiString;
import java.util.List;

/// The head of a reply.
///
/// @param fields names and values in turn
/// @param contentLength -1 where the body's length is not said
record ReplyHead(int status, List<? extends CharSequence> fields, long contentLength) {

  static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
}
