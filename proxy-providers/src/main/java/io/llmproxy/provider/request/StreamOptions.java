package io.llmproxy.provider.request;

import io.llmproxy.provider.json.FieldNames;
import io.llmproxy.provider.json.JsonFault;
import io.llmproxy.provider.json.JsonKind;
import io.llmproxy.provider.json.JsonScanner;
import io.llmproxy.provider.json.Segments;
import io.llmproxy.provider.json.Splice;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What a chat request says in its `stream_options`, and how to make it ask for the usage record.
///
/// @param kind of the value; null where there is none
/// @param start offset of the value
/// @param end offset behind the value
/// @param usageStart offset of the value of `include_usage`, 0 where there is none
/// @param usageEnd offset behind it
/// @param asksForUsage whether `include_usage` is true
/// @param isEmpty whether the value is an object without fields
/// @param fault why the value is refused; null where it is not
record StreamOptions(
    @Nullable JsonKind kind,
    long start,
    long end,
    long usageStart,
    long usageEnd,
    boolean asksForUsage,
    boolean isEmpty,
    @Nullable RequestFault fault) {

  static final StreamOptions ABSENT = new StreamOptions(null, 0, 0, 0, 0, false, false, null);

  private static final FieldNames FIELDS = FieldNames.of("include_usage");
  private static final int INCLUDE_USAGE = 0;

  static StreamOptions ofNull(long start, long end) {
    return new StreamOptions(JsonKind.NULL, start, end, 0, 0, false, false, null);
  }

  /// Reads the object that stands in `segments` from `start` to before `end`, known to be JSON.
  static StreamOptions ofObject(Segments segments, long start, long end) {
    JsonScanner scanner = new JsonScanner(FIELDS);
    segments.emit(
        start,
        end,
        part -> {
          scanner.feed(part);
          part.release();
        });
    scanner.finish();
    return new StreamOptions(
        JsonKind.OBJECT,
        start,
        end,
        scanner.has(INCLUDE_USAGE) ? start + scanner.start(INCLUDE_USAGE) : 0,
        scanner.has(INCLUDE_USAGE) ? start + scanner.end(INCLUDE_USAGE) : 0,
        scanner.has(INCLUDE_USAGE) && scanner.kind(INCLUDE_USAGE) == JsonKind.TRUE,
        scanner.fieldCount() == 0,
        check(scanner, start));
  }

  private static @Nullable RequestFault check(JsonScanner scanner, long start) {
    JsonFault json = scanner.fault();
    if (json != null) {
      return RequestFault.of(json, "stream_options", start);
    }
    if (!scanner.has(INCLUDE_USAGE)) {
      return null;
    }
    JsonKind kind = scanner.kind(INCLUDE_USAGE);
    if (kind.isBoolean() || kind == JsonKind.NULL) {
      return null;
    }
    return RequestFault.wrongKind(
        "stream_options.include_usage", kind.phrase(), "true, false or null");
  }

  /// Adds to `splice` what makes a request ask for usage whose object opens at `bodyStart`; nothing
  /// where it does already. The request has other fields, so that a comma may follow.
  void injectUsage(Splice splice, long bodyStart) {
    if (asksForUsage) {
      return;
    }
    if (kind == null) {
      insert(splice, bodyStart + 1, "\"stream_options\":{\"include_usage\":true},");
    } else if (kind == JsonKind.NULL) {
      splice.replace(start, end, ascii("{\"include_usage\":true}"));
    } else if (usageEnd != 0) {
      splice.replace(usageStart, usageEnd, ascii("true"));
    } else {
      insert(splice, start + 1, isEmpty ? "\"include_usage\":true" : "\"include_usage\":true,");
    }
  }

  private static void insert(Splice splice, long at, String text) {
    splice.replace(at, at, ascii(text));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
