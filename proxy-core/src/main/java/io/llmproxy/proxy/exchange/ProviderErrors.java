package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.wire.ErrorReply;
import io.llmproxy.provider.wire.ProviderError;
import io.llmproxy.proxy.upstream.UpstreamHead;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
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

  /// The data of the last record of an event stream that has any, of which `stream` is the
  /// beginning; lines of data are joined as they stand.
  static byte[] lastRecord(byte[] stream) {
    String text =
        new String(stream, StandardCharsets.UTF_8).replace("\r\n", "\n").replace('\r', '\n');
    String data = "";
    for (String record : text.split("\n\n", -1)) {
      String here =
          record
              .lines()
              .filter(line -> line.startsWith("data:"))
              .map(line -> line.substring("data:".length()))
              .collect(Collectors.joining("\n"));
      data = here.isBlank() || here.strip().equals("[DONE]") ? data : here;
    }
    return data.strip().getBytes(StandardCharsets.UTF_8);
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
