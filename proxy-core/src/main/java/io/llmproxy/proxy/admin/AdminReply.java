package io.llmproxy.proxy.admin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// An answer of the admin listener, whole.
///
/// @param allow the methods that would do, empty but for 405
record AdminReply(int status, String contentType, ByteBuffer body, String allow) {

  static final String JSON = "application/json";

  static AdminReply of(int status, String contentType, byte[] body) {
    return new AdminReply(status, contentType, ByteBuffer.wrap(body), "");
  }

  static AdminReply status(int status, String word) {
    return of(status, JSON, bytes("{\"status\":\"" + word + "\"}"));
  }

  /// `code` and `message` are ours, and need no escapes.
  static AdminReply error(int status, String code, String message) {
    return of(status, JSON, errorBody(code, message));
  }

  static AdminReply methodNotAllowed(String allow) {
    byte[] body = errorBody("method_not_allowed", "This path answers " + allow + ".");
    return new AdminReply(405, JSON, ByteBuffer.wrap(body), allow);
  }

  private static byte[] errorBody(String code, String message) {
    return bytes("{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}}");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
