package io.llmproxy.proxy.auth;

import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;

/// A caller that is nobody here, with what to tell it.
public record Unknown(Failure failure) implements Identity {

  static Unknown because(String message) {
    return new Unknown(new Failure(FailureKind.KEY_INVALID, message));
  }
}
