package io.llmproxy.client;

/// Why a call failed: its type says whose fault it is, [#advice] what to do. Everything that could
/// be repeated has been, within the budget.
public abstract sealed class LlmException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// Whose fault it is.
  public enum Fault {
    CALLER,
    PROXY,
    PROVIDER,
    NETWORK
  }

  /// What is known of a failure.
  ///
  /// @param status of HTTP, 0 where there was no reply
  /// @param code the proxy's or provider's own, such as `model_not_found`; empty for none
  /// @param requestId by which the proxy's log names the exchange; ours where there was no reply
  /// @param attempts at providers that were made for the call, as far as is known: never fewer than
  ///   were made
  public record Details(int status, String code, String requestId, int attempts)
      implements java.io.Serializable {}

  private final Fault fault;
  private final boolean mayHelp;
  private final String advice;
  private final Details details;

  private LlmException(Fault fault, boolean mayHelp, String advice, String said, Details details) {
    super(said);
    this.fault = fault;
    this.mayHelp = mayHelp;
    this.advice = advice;
    this.details = details;
  }

  public Fault fault() {
    return fault;
  }

  /// Whether the same call may succeed later.
  public boolean isRetryable() {
    return mayHelp;
  }

  /// What to do about it, in a sentence.
  public String advice() {
    return advice;
  }

  public int status() {
    return details.status();
  }

  public String code() {
    return details.code();
  }

  public String requestId() {
    return details.requestId();
  }

  public int providerAttempts() {
    return details.attempts();
  }

  /// The request is wrong, too long, or asks for what there is not.
  public static final class BadRequest extends LlmException {
    private static final long serialVersionUID = 1;

    BadRequest(String said, Details details) {
      super(Fault.CALLER, false, "Change the request: the message names the field.", said, details);
    }
  }

  /// The key is wrong, or may not do this.
  public static final class NotAllowed extends LlmException {
    private static final long serialVersionUID = 1;

    NotAllowed(String said, Details details) {
      super(Fault.CALLER, false, "Show a key that may use this model.", said, details);
    }
  }

  /// A limit or a budget is reached.
  public static final class LimitReached extends LlmException {
    private static final long serialVersionUID = 1;
    private final long retryAfterMillis;

    LimitReached(String said, Details details, long retryAfterMillis, boolean spent) {
      super(
          Fault.CALLER,
          !spent,
          spent
              ? "Raise the budget, or wait until it is renewed."
              : "Ask less often, or again after retryAfterMillis.",
          said,
          details);
      this.retryAfterMillis = retryAfterMillis;
    }

    /// When to ask again, −1 where nobody said.
    public long retryAfterMillis() {
      return retryAfterMillis;
    }
  }

  /// The provider failed, and no other attempt was allowed or helped.
  public static final class ProviderFailed extends LlmException {
    private static final long serialVersionUID = 1;

    ProviderFailed(String said, Details details) {
      super(Fault.PROVIDER, true, "Ask again later, or name a fallback model.", said, details);
    }
  }

  /// The proxy itself failed.
  public static final class ProxyFailed extends LlmException {
    private static final long serialVersionUID = 1;

    ProxyFailed(String said, Details details) {
      super(
          Fault.PROXY,
          true,
          "Ask its operator, with the request id; or add an endpoint.",
          said,
          details);
    }
  }

  /// No endpoint could be reached, or the connection was lost before anything was delivered.
  public static final class NetworkFailed extends LlmException {
    private static final long serialVersionUID = 1;

    NetworkFailed(String said, Details details) {
      super(Fault.NETWORK, true, "See whether the endpoints run; add a second one.", said, details);
    }
  }

  /// A stream broke after some of it was delivered: the answer is incomplete.
  public static final class StreamCut extends LlmException {
    private static final long serialVersionUID = 1;

    StreamCut(Fault fault, String said, Details details) {
      super(
          fault,
          true,
          "Drop what came and ask again, or let the client go on by Resume.AGREED_PREFIX.",
          said,
          details);
    }
  }

  /// The deadline passed.
  public static final class TimedOut extends LlmException {
    private static final long serialVersionUID = 1;

    TimedOut(String said, Details details) {
      super(Fault.NETWORK, true, "Allow more time, or ask for less.", said, details);
    }
  }

  /// The caller cancelled the call, or closed the client.
  public static final class Cancelled extends LlmException {
    private static final long serialVersionUID = 1;

    Cancelled(String said, Details details) {
      super(Fault.CALLER, false, "Nothing: the caller wanted it.", said, details);
    }
  }
}
