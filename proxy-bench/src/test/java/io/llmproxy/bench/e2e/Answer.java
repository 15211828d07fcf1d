package io.llmproxy.bench.e2e;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// One reply as a test received it.
///
/// @param headers by lower-case name, repeated ones joined by a comma
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Answer(int status, Map<String, String> headers, byte[] body, Ending ending) {

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /// A header's value; empty where it is not there.
  String header(String name) {
    return headers.getOrDefault(name, "");
  }
}
