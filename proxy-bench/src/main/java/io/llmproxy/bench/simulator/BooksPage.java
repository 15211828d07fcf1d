package io.llmproxy.bench.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/// The [Books] as JSON, for those who ask from another process: `GET /books` on any port.
final class BooksPage {

  static final String PATH = "/books";

  private static final JsonFactory JSON = new JsonFactory();

  private BooksPage() {}

  static String of(Books books) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("open_streams", books.openStreams());
      json.writeNumberField("open_connections", books.openConnections());
      json.writeNumberField("refused", books.refused());
      json.writeObjectFieldStart("models");
      for (Map.Entry<String, ModelBook> model : books.models().entrySet()) {
        json.writeObjectFieldStart(model.getKey());
        write(json, model.getValue());
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeObjectFieldStart("attempts");
      for (Map.Entry<String, Integer> prompt : books.attempts().entrySet()) {
        json.writeNumberField(prompt.getKey(), prompt.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private static void write(JsonGenerator json, ModelBook book) throws IOException {
    json.writeNumberField("requests", book.requests());
    json.writeNumberField("completed", book.completed());
    json.writeNumberField("cancelled", book.cancelled());
    json.writeNumberField("faulted", book.faulted());
    Tokens tokens = book.tokens();
    json.writeNumberField("input_tokens", tokens.input());
    json.writeNumberField("output_tokens", tokens.output());
    json.writeNumberField("reasoning_tokens", tokens.reasoning());
  }
}
