package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.request.RequestFault;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;

/// Faults of a request's body as failures.
final class Faults {

  private Faults() {}

  static Failure failure(RequestFault fault) {
    FailureKind kind =
        switch (fault.kind()) {
          case NOT_JSON, TOO_DEEP, TOO_MANY_FIELDS, NOT_AN_OBJECT -> FailureKind.BODY_NOT_JSON;
          case DUPLICATE_FIELD -> FailureKind.FIELD_DUPLICATE;
          case MISSING_FIELD -> FailureKind.FIELD_MISSING;
          case WRONG_KIND -> FailureKind.FIELD_INVALID;
        };
    return new Failure(kind, fault.message(), fault.field());
  }
}
