package io.llmproxy.bench.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The few fields of a request's body that decide how it is answered.
///
/// @param model empty if it has none
/// @param tools the names of its tools, in order
/// @param toolStream GLM's wish to have arguments as they come
record RequestFacts(
    String model,
    boolean stream,
    boolean includeUsage,
    boolean obfuscation,
    List<String> tools,
    boolean toolStream) {

  private static final JsonFactory JSON = new JsonFactory();

  /// Reads a whole body.
  ///
  /// @throws IOException if it is not an object in JSON
  static RequestFacts read(byte[] body, int length) throws IOException {
    String model = "";
    boolean stream = false;
    boolean toolStream = false;
    boolean[] options = {false, true};
    List<String> tools = List.of();
    try (JsonParser json = JSON.createParser(body, 0, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("the body is not a JSON object");
      }
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        switch (name) {
          case "model" -> model = json.getText();
          case "stream" -> stream = value == JsonToken.VALUE_TRUE;
          case "tool_stream" -> toolStream = value == JsonToken.VALUE_TRUE;
          case "tools" -> tools = readTools(json);
          case "stream_options" -> readOptions(json, options);
          default -> json.skipChildren();
        }
      }
    }
    return new RequestFacts(model, stream, options[0], options[1], tools, toolStream);
  }

  /// Reads as much as is needed of the beginning of a body; the answer will be a stream.
  static RequestFacts readEarly(byte[] body, int length) throws IOException {
    String model = peekModel(body, length);
    return new RequestFacts(model == null ? "" : model, true, false, true, List.of(), false);
  }

  /// The same, but that a stream is asked for, or is not.
  RequestFacts withStream(boolean wanted) {
    return new RequestFacts(model, wanted, includeUsage, obfuscation, tools, toolStream);
  }

  /// The names of tools of either make: in the tool itself, or in its `function`.
  private static List<String> readTools(JsonParser json) throws IOException {
    List<String> names = new ArrayList<>();
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return names;
    }
    for (JsonToken tool = json.nextToken(); tool != JsonToken.END_ARRAY; tool = json.nextToken()) {
      readTool(json, names);
    }
    return names;
  }

  private static void readTool(JsonParser json, List<String> names) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      switch (name) {
        case "name" -> names.add(json.getText());
        case "function" -> readTool(json, names);
        default -> {
          if (value != null) {
            json.skipChildren();
          }
        }
      }
    }
  }

  private static void readOptions(JsonParser json, boolean[] options) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      switch (name) {
        case "include_usage" -> options[0] = value == JsonToken.VALUE_TRUE;
        case "include_obfuscation" -> options[1] = value != JsonToken.VALUE_FALSE;
        default -> json.skipChildren();
      }
    }
  }

  /// The model, if it stands whole in the first `length` bytes of a body that is still arriving.
  static @Nullable String peekModel(byte[] body, int length) {
    try (JsonParser json = JSON.createParser(body, 0, length)) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        if (name.equals("model")) {
          return json.getText();
        }
        json.skipChildren();
      }
    } catch (IOException _) {
      // the rest has not arrived yet
    }
    return null;
  }
}
