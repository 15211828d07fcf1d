package io.llmproxy.proxy.failure;

import org.jspecify.annotations.Nullable;

/// One thing that went wrong: its kind, and what to tell the caller.
///
/// @param message what is wrong, with what and what to do; may reach the caller, so never a secret
/// @param param the request's field at fault, null for none
public record Failure(FailureKind kind, String message, @Nullable String param) {

  public Failure(FailureKind kind, String message) {
    this(kind, message, null);
  }
}
