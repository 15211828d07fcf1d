package io.llmproxy.client;

import io.llmproxy.client.LlmException.BadRequest;
import io.llmproxy.client.LlmException.Details;
import io.llmproxy.client.LlmException.LimitReached;
import io.llmproxy.client.LlmException.NetworkFailed;
import io.llmproxy.client.LlmException.NotAllowed;
import io.llmproxy.client.LlmException.ProviderFailed;
import io.llmproxy.client.LlmException.ProxyFailed;
import io.llmproxy.client.Setback.Move;
import io.llmproxy.provider.wire.ErrorReply;
import io.llmproxy.provider.wire.ProviderError;
import io.llmproxy.provider.wire.ProviderError.Retry;
import java.util.Map;
import java.util.Set;

/// Tells whose fault a failed try is, and what may follow.
final class Setbacks {

  /// The proxy's own failures that have nothing to do with the request.
  private static final Set<String> OF_THE_PROXY =
      Set.of("internal_error", "ledger_unavailable", "issuer_unavailable");

  private static final String DRAINING = "draining";
  private static final Set<String> SPENT = Set.of("budget_exceeded", "price_unknown");

  private Setbacks() {}

  /// The connection was lost, or there was none.
  static Setback lost(ReplyListener.Lost lost, Details details) {
    Move move = lost.unseen() ? Move.ELSEWHERE_FREE : Move.ELSEWHERE;
    return new Setback(move, new NetworkFailed(lost.why(), details), -1);
  }

  /// A reply of an error.
  ///
  /// @param details without a code
  static Setback refused(int status, Map<String, String> fields, byte[] body, Details details) {
    ProviderError error =
        ProviderError.read(
            new ErrorReply(
                status, fields.get("content-type"), body, fields::get, System.currentTimeMillis()));
    boolean byProxy = fields.containsKey(Headers.OVERHEAD);
    Details full = new Details(status, error.code(), details.requestId(), details.attempts());
    String said = error.message().isEmpty() ? "status " + status : error.message();
    Setback usual = usual(error, byProxy, said, full);
    String should = fields.getOrDefault(Headers.SHOULD_RETRY, "").strip();
    return switch (should) {
      // A proxy has asked all providers; a provider speaks for itself alone.
      case "false" -> with(usual, byProxy ? Move.STOP : weaker(usual.move()));
      case "true" -> with(usual, stronger(usual.move()));
      default -> usual;
    };
  }

  private static Setback usual(ProviderError error, boolean byProxy, String said, Details details) {
    if (byProxy && error.code().equals(DRAINING)) {
      return new Setback(Move.ELSEWHERE_FREE, new ProxyFailed(said, details), -1);
    }
    if (byProxy && OF_THE_PROXY.contains(error.code())) {
      return new Setback(Move.ELSEWHERE, new ProxyFailed(said, details), -1);
    }
    Move again = error.retry() == Retry.SAME_TARGET ? Move.AGAIN : Move.OTHER_TARGET;
    return switch (error.kind()) {
      case BAD_REQUEST, TOO_LARGE ->
          new Setback(
              error.retry() == Retry.NEVER ? Move.STOP : again, new BadRequest(said, details), -1);
      case CONTEXT_LENGTH, CONTENT_POLICY, MODEL_UNKNOWN ->
          new Setback(Move.OTHER_TARGET, new BadRequest(said, details), -1);
      case KEY_REJECTED, PERMISSION ->
          new Setback(byProxy ? Move.STOP : Move.OTHER_TARGET, new NotAllowed(said, details), -1);
      case RATE_LIMITED, QUOTA_SPENT -> {
        boolean spent =
            error.kind() == ProviderError.Kind.QUOTA_SPENT || SPENT.contains(error.code());
        long wait = error.retryAfterMillis();
        yield new Setback(
            spent ? Move.OTHER_TARGET : again, new LimitReached(said, details, wait, spent), wait);
      }
      case OVERLOADED, TIMEOUT, SERVER_ERROR ->
          new Setback(again, new ProviderFailed(said, details), error.retryAfterMillis());
    };
  }

  private static Setback with(Setback setback, Move move) {
    return new Setback(move, setback.exception(), setback.retryAfterMillis());
  }

  private static Move weaker(Move move) {
    return move == Move.AGAIN ? Move.OTHER_TARGET : move;
  }

  private static Move stronger(Move move) {
    return move == Move.STOP || move == Move.OTHER_TARGET ? Move.AGAIN : move;
  }

  /// A reply that began well and is not what it is to be.
  static Setback broken(Reception.Fault fault, int status, Details details) {
    if (fault.body().length > 0) {
      Setback told =
          refused(status, Map.of("content-type", "application/json"), fault.body(), details);
      return with(told, told.move() == Move.STOP ? Move.STOP : Move.AGAIN);
    }
    Move move = fault.isFinal() ? Move.STOP : Move.AGAIN;
    return new Setback(move, new ProviderFailed(fault.why(), details), -1);
  }
}
