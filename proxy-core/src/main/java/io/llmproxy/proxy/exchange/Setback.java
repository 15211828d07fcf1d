package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.request.RequestFault;
import io.llmproxy.provider.wire.ProviderError;
import io.llmproxy.provider.wire.ProviderError.Retry;
import io.llmproxy.proxy.admission.Denial;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.route.Target;
import io.llmproxy.proxy.upstream.UpstreamHead;
import io.netty.buffer.ByteBuf;

/// What an attempt came to that had no content.
sealed interface Setback {

  Target target();

  /// Whether another attempt may follow.
  default Retry retry() {
    return Retry.OTHER_TARGET;
  }

  /// When to ask the same target again, in milliseconds; [ProviderError#UNKNOWN] where it did not
  /// say.
  default long retryAfterMillis() {
    return ProviderError.UNKNOWN;
  }

  /// Whether it speaks against the target's health.
  default boolean isTargetsFault() {
    return false;
  }

  /// Which of several the caller is told: the highest, the last of its like.
  default int weight() {
    return 0;
  }

  default void release() {}

  /// The provider said no. Owns `error`, the provider's bytes.
  record Refusal(Target target, UpstreamHead head, ByteBuf error, ProviderError said)
      implements Setback {
    @Override
    public Retry retry() {
      return switch (said.kind()) {
        // Another model may have the room, or not mind.
        case CONTEXT_LENGTH, CONTENT_POLICY, TOO_LARGE -> Retry.OTHER_TARGET;
        default -> said.retry();
      };
    }

    @Override
    public long retryAfterMillis() {
      return said.retryAfterMillis();
    }

    @Override
    public boolean isTargetsFault() {
      return switch (said.kind()) {
        case OVERLOADED, TIMEOUT, SERVER_ERROR -> true;
        default -> false;
      };
    }

    /// Whether another key of the same provider's may do.
    boolean isKeys() {
      return switch (said.kind()) {
        case KEY_REJECTED, PERMISSION, QUOTA_SPENT, RATE_LIMITED -> true;
        default -> false;
      };
    }

    @Override
    public int weight() {
      return switch (said.kind()) {
        case KEY_REJECTED, PERMISSION, MODEL_UNKNOWN -> 1;
        case OVERLOADED, TIMEOUT, SERVER_ERROR, QUOTA_SPENT -> 2;
        case RATE_LIMITED -> 3;
        case BAD_REQUEST, CONTEXT_LENGTH, CONTENT_POLICY, TOO_LARGE -> 4;
      };
    }

    @Override
    public void release() {
      error.release();
    }
  }

  /// There was no answer, or none that could be understood.
  record Broken(Target target, Failure failure) implements Setback {
    /// Who was silent once would be so again: a wait for nothing.
    @Override
    public Retry retry() {
      return failure.kind() == FailureKind.UPSTREAM_TIMEOUT
          ? Retry.OTHER_TARGET
          : Retry.SAME_TARGET;
    }

    @Override
    public boolean isTargetsFault() {
      return true;
    }

    @Override
    public int weight() {
      return 2;
    }
  }

  /// It told another answer than that which the caller had begun to receive.
  record Differs(Target target) implements Setback {}

  /// It may not go there now, by our own limits and budgets.
  record Denied(Target target, Denial denial) implements Setback {
    @Override
    public Retry retry() {
      return switch (denial) {
        case Denial.Limited limited -> limited.isCallers() ? Retry.NEVER : Retry.OTHER_TARGET;
        // Another model may cost less, or have a price.
        case Denial.OverBudget _, Denial.ShareUsed _, Denial.Unpriced _ -> Retry.OTHER_TARGET;
        case Denial.Unrecorded _ -> Retry.NEVER;
      };
    }

    @Override
    public int weight() {
      return 3;
    }
  }

  /// The request cannot be put to the target.
  record Unmapped(Target target, RequestFault fault) implements Setback {}
}
