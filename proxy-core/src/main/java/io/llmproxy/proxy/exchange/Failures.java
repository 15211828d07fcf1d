package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.request.RequestFault;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.HeaderName;
import io.llmproxy.proxy.http.RequestHead;
import io.netty.util.AsciiString;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The failures an exchange finds by itself, in words that say what to do next.
final class Failures {

  private static final AsciiString IDENTITY = AsciiString.cached("identity");

  private Failures() {}

  static Failure wrongMethod(RequestHead head, AsciiString allowed) {
    return new Failure(
        FailureKind.METHOD_NOT_ALLOWED,
        "method "
            + Printable.of(head.method())
            + " is not allowed here (expected: "
            + allowed
            + ")");
  }

  static Failure unknownUrl(RequestHead head) {
    return new Failure(
        FailureKind.URL_UNKNOWN,
        "unknown url: "
            + Printable.of(head.method())
            + " "
            + Printable.of(head.path())
            + " (expected one of: POST /v1/chat/completions, POST /v1/messages, POST /v1/responses, POST"
            + " /v1/embeddings, GET /v1/models,"
            + " GET /health)");
  }

  /// Why the body that `head` announces cannot be taken; null where it can.
  static @Nullable Failure ofBody(RequestHead head, int mostBytes) {
    AsciiString encoding = head.get(HeaderName.CONTENT_ENCODING);
    if (encoding != null && !encoding.contentEqualsIgnoreCase(IDENTITY)) {
      return encodedBody(encoding);
    }
    return head.contentLength() > mostBytes ? tooLarge(mostBytes) : null;
  }

  /// Why the model is not to be had.
  static Failure noModel(String name, boolean allowed) {
    return allowed ? unknownModel(name) : forbiddenModel(name);
  }

  private static Failure encodedBody(AsciiString encoding) {
    return new Failure(
        FailureKind.ENCODING_UNSUPPORTED,
        "content-encoding: "
            + Printable.of(encoding)
            + " (expected: identity; send the body uncompressed)");
  }

  static Failure tooLarge(long limitBytes) {
    return new Failure(
        FailureKind.BODY_TOO_LARGE,
        "request body is larger than " + limitBytes + " bytes, the limit of this proxy");
  }

  static Failure unknownModel(String name) {
    return new Failure(
        FailureKind.MODEL_NOT_FOUND,
        "model "
            + Printable.of(name)
            + " does not exist here; GET /v1/models lists those that do, and provider/model names"
            + " any other",
        "model");
  }

  private static Failure forbiddenModel(String name) {
    return new Failure(
        FailureKind.MODEL_NOT_ALLOWED,
        "model "
            + Printable.of(name)
            + " is not one that this key may use; GET /v1/models lists those that it may",
        "model");
  }

  static Failure compressed(String provider) {
    return new Failure(
        FailureKind.UPSTREAM_MALFORMED,
        "provider " + provider + " compressed a reply that was to be plain");
  }

  static Failure timeout(String provider, String what) {
    return new Failure(FailureKind.UPSTREAM_TIMEOUT, "provider " + provider + " " + what);
  }

  static Failure tookTooLong(String provider, long nanos) {
    return timeout(provider, "took longer than " + nanos / 1_000_000 + " ms in all");
  }

  static Failure silentCaller(Duration silence) {
    return new Failure(
        FailureKind.REQUEST_TIMEOUT,
        "no byte of the request's body for " + silence.toSeconds() + " s");
  }

  static Failure notAReply(String provider) {
    return new Failure(
        FailureKind.UPSTREAM_MALFORMED,
        "provider " + provider + " sent a reply that is not the whole answer it is to be");
  }

  static Failure failedMidway(String provider) {
    return new Failure(
        FailureKind.UPSTREAM_CUT, "provider " + provider + " failed in the middle of its stream");
  }

  static Failure unfinished(String provider) {
    return new Failure(
        FailureKind.UPSTREAM_CUT,
        "provider " + provider + " ended its stream without saying that it was whole");
  }

  /// A running stream was stopped for its cost.
  static Failure overspent() {
    return new Failure(
        FailureKind.BUDGET_SPENT,
        "the answer was stopped: it has cost what was set aside for it, and the budget has no more",
        null,
        -1,
        true);
  }

  /// What was spent could not be written down.
  static Failure notRecorded() {
    return new Failure(
        FailureKind.LEDGER_UNAVAILABLE, "what the answer cost could not be written to the ledger");
  }

  /// Why a request may not go now.
  static Failure of(Setback.Denied denied) {
    return DenialText.failure(denied.denial());
  }

  /// What is wrong with a request's body.
  static Failure of(RequestFault fault) {
    FailureKind kind =
        switch (fault.kind()) {
          case NOT_JSON, TOO_DEEP, TOO_MANY_FIELDS, NOT_AN_OBJECT -> FailureKind.BODY_NOT_JSON;
          case DUPLICATE_FIELD -> FailureKind.FIELD_DUPLICATE;
          case MISSING_FIELD -> FailureKind.FIELD_MISSING;
          case WRONG_KIND -> FailureKind.FIELD_INVALID;
          case UNSUPPORTED -> FailureKind.FIELD_UNSUPPORTED;
        };
    return new Failure(kind, fault.message(), fault.field());
  }
}
