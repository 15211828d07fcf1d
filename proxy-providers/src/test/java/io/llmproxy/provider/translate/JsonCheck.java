package io.llmproxy.provider.translate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Whether another parser takes what was written for JSON.
final class JsonCheck {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private JsonCheck() {}

  /// Fails unless `text` is one JSON value that names no member twice.
  static void assertJson(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new AssertionError("no JSON: <" + text + ">");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw new AssertionError("more than one value: <" + text + ">");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }
}
