package io.llmproxy.bench.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Embeddings as OpenAI answers them: a vector for each input, in numbers or, where asked, base64
/// of little-endian floats.
///
/// @param inputs how many texts are embedded
/// @param dimensions how many numbers a vector has
record Embeddings(String model, int inputs, int dimensions, boolean base64) {

  private static final JsonFactory JSON = new JsonFactory();
  private static final float[] VECTOR = {0.0023064255f, -0.009327292f, -0.0028842222f};
  private static final int MAX_DIMENSIONS = 3072;

  /// Reads a request's body.
  static Embeddings read(byte[] body, int length) throws IOException {
    String model = "";
    int inputs = 1;
    int dimensions = VECTOR.length;
    boolean base64 = false;
    try (JsonParser json = JSON.createParser(body, 0, length)) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        switch (name) {
          case "model" -> model = json.getText();
          case "input" -> inputs = inputs(json);
          case "encoding_format" -> base64 = json.getText().equals("base64");
          case "dimensions" -> {
            if (value == JsonToken.VALUE_NUMBER_INT) {
              dimensions = Math.clamp(json.getLongValue(), 1, MAX_DIMENSIONS);
            }
          }
          default -> json.skipChildren();
        }
      }
    }
    return new Embeddings(model, inputs, dimensions, base64);
  }

  /// An array of numbers is one text in tokens.
  private static int inputs(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return 1;
    }
    int count = 0;
    boolean tokens = false;
    for (JsonToken each = json.nextToken(); each != JsonToken.END_ARRAY; each = json.nextToken()) {
      tokens |= each == JsonToken.VALUE_NUMBER_INT;
      json.skipChildren();
      count++;
    }
    return tokens ? 1 : count;
  }

  String answer(long inputTokens) {
    String vector = base64 ? "\"" + encoded() + "\"" : numbers();
    String data =
        IntStream.range(0, inputs)
            .mapToObj(
                i -> "{\"object\":\"embedding\",\"index\":" + i + ",\"embedding\":" + vector + "}")
            .collect(Collectors.joining(","));
    return "{\"object\":\"list\",\"data\":["
        + data
        + "],\"model\":\""
        + Facts.escape(model)
        + "\",\"usage\":{\"prompt_tokens\":"
        + inputTokens
        + ",\"total_tokens\":"
        + inputTokens
        + "}}";
  }

  private String numbers() {
    return IntStream.range(0, dimensions)
        .mapToObj(i -> Float.toString(VECTOR[i % VECTOR.length]))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private String encoded() {
    ByteBuffer bytes = ByteBuffer.allocate(dimensions * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < dimensions; i++) {
      bytes.putFloat(VECTOR[i % VECTOR.length]);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
