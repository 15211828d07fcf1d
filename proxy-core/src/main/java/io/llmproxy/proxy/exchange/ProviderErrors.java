package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.sse.Records;
import io.llmproxy.provider.wire.ErrorReply;
import io.llmproxy.provider.wire.ProviderError;
import io.llmproxy.proxy.upstream.UpstreamHead;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what a provider says of an error out of its reply.
final class ProviderErrors {

  private ProviderErrors() {}

  static ProviderError read(UpstreamHead head, byte[] body) {
    AsciiString contentType = head.contentType();
    return ProviderError.read(
        new ErrorReply(
            head.status(),
            contentType == null ? null : contentType.toString(),
            body,
            name -> field(head.forwarded(), name),
            System.currentTimeMillis()));
  }

  /// The data of the last record of an event stream that has any and does not end it, of which
  /// `stream` is the beginning.
  static byte[] lastRecord(byte[] stream) {
    LastData last = new LastData();
    RecordSplitter splitter = new RecordSplitter();
    splitter.split(Unpooled.wrappedBuffer(stream), last);
    splitter.finish(last);
    return last.data;
  }

  private static final class LastData implements Records {
    private byte[] data = {};

    @Override
    public void record(RecordSplitter record) {
      byte[] here = Arrays.copyOfRange(record.data(), record.dataFrom(), record.dataTo());
      String text = new String(here, StandardCharsets.UTF_8).strip();
      data = text.isEmpty() || text.equals("[DONE]") ? data : here;
    }

    @Override
    public void repeated(byte[] bytes, int from, int to) {
      throw new IllegalStateException("a record was repeated, but none was learned");
    }

    @Override
    public void lateLineFeed(int partIndex) {
      // The record before it has been read.
    }
  }

  private static @Nullable String field(List<AsciiString> fields, String name) {
    for (int i = 0; i < fields.size(); i += 2) {
      if (fields.get(i).contentEquals(name)) {
        return fields.get(i + 1).toString();
      }
    }
    return null;
  }
}
