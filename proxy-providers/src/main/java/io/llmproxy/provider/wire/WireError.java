package io.llmproxy.provider.wire;

import org.jspecify.annotations.Nullable;

/// An error as a caller is told of it, before it takes the shape of a dialect.
///
/// @param status of HTTP; also where the answer's head has left already
/// @param type OpenAI's class of error, such as `invalid_request_error`; Anthropic's follows from
///   `status`
/// @param code what a program branches on, such as `model_not_found`
/// @param message for a person
/// @param param the field of the request that is to blame, if one is
/// @param requestId by which the log knows the exchange
public record WireError(
    int status,
    String type,
    String code,
    String message,
    @Nullable String param,
    String requestId) {

  public WireError {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status: " + status + " (expected: 400 to 599)");
    }
  }
}
