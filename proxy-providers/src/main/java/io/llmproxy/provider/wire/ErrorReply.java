package io.llmproxy.provider.wire;

import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A provider's reply that tells of an error, as it arrived: under any status, since some say it
/// under 200, or as the data of a stream's record.
///
/// @param contentType null where there is none
/// @param body borrowed; the beginning is enough where it is long
/// @param fields gives the value of a header field by its lower-case name, null where there is none
/// @param nowMillis Unix time, to which dates in the reply are compared
@SuppressWarnings("ArrayRecordComponent") // a bundle of arguments, never compared
public record ErrorReply(
    int status,
    @Nullable String contentType,
    byte[] body,
    Function<String, @Nullable String> fields,
    long nowMillis) {

  @Nullable String field(String name) {
    return fields.apply(name);
  }

  /// Whether the body says that it is JSON, or says nothing.
  boolean mayBeJson() {
    return contentType == null
        || contentType.isBlank()
        || contentType.toLowerCase(Locale.ROOT).contains("json")
        || contentType.startsWith("text/event-stream");
  }
}
