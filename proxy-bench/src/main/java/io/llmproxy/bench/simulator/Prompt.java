package io.llmproxy.bench.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// What a request asks, by which attempts of one request are known again: the text of its last
/// message of the user's, in any dialect.
///
/// @param hash 16 hexadecimal digits of that text's SHA-256
/// @param endsWithAssistant whether the last message of all is the assistant's
record Prompt(String hash, boolean endsWithAssistant) {

  static final Prompt NONE = new Prompt("", false);

  private static final JsonFactory JSON = new JsonFactory();
  private static final int HASH_BYTES = 8;

  /// Reads a body.
  ///
  /// @throws IOException if it is not an object in JSON
  static Prompt read(byte[] body, int length) throws IOException {
    try (JsonParser json = JSON.createParser(body, 0, length)) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        boolean conversation = name.equals("messages") || name.equals("input");
        if (conversation && value == JsonToken.VALUE_STRING) {
          return new Prompt(hash(json.getText()), false);
        }
        if (conversation && value == JsonToken.START_ARRAY) {
          return messages(json);
        }
        json.skipChildren();
      }
    }
    return NONE;
  }

  private static Prompt messages(JsonParser json) throws IOException {
    String prompt = "";
    String role = "";
    for (JsonToken t = json.nextToken(); t != JsonToken.END_ARRAY; t = json.nextToken()) {
      if (t == JsonToken.START_OBJECT) {
        StringBuilder text = new StringBuilder();
        role = message(json, text);
        prompt = role.equals("user") ? text.toString() : prompt;
      } else if (t == null) {
        throw new IOException("the body ends too early");
      }
    }
    return new Prompt(hash(prompt), role.equals("assistant"));
  }

  /// Gives a message's role.
  private static String message(JsonParser json, StringBuilder text) throws IOException {
    String role = "";
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      switch (name) {
        case "role" -> role = json.getText();
        case "content" -> content(json, text);
        default -> json.skipChildren();
      }
    }
    return role;
  }

  private static void content(JsonParser json, StringBuilder text) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      text.append(json.getText());
      return;
    }
    int depth = 0;
    do {
      @Nullable JsonToken token = json.currentToken();
      if (token == null) {
        throw new IOException("the body ends too early");
      }
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (token == JsonToken.VALUE_STRING && "text".equals(json.currentName())) {
        text.append(json.getText());
      }
      if (depth > 0) {
        json.nextToken();
      }
    } while (depth > 0);
  }

  /// The digits by which a prompt is known.
  static String hash(String prompt) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(prompt.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
