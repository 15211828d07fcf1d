package io.llmproxy.proxy.failure;

/// Everything that can go wrong, one row each: whose fault it is, whether another attempt may
/// follow, and the status and code the caller sees.
public enum FailureKind {
  BODY_NOT_JSON(Source.CALLER, false, 400, "invalid_json"),
  FIELD_MISSING(Source.CALLER, false, 400, "missing_required_parameter"),
  FIELD_INVALID(Source.CALLER, false, 400, "invalid_type"),
  FIELD_DUPLICATE(Source.CALLER, false, 400, "duplicate_parameter"),
  FIELD_UNSUPPORTED(Source.CALLER, false, 400, "unsupported_parameter"),
  REQUEST_MALFORMED(Source.CALLER, false, 400, "malformed_request"),
  KEY_INVALID(Source.CALLER, false, 401, "invalid_api_key"),
  MODEL_NOT_ALLOWED(Source.CALLER, false, 403, "model_not_allowed"),
  MODEL_NOT_FOUND(Source.CALLER, false, 404, "model_not_found"),
  URL_UNKNOWN(Source.CALLER, false, 404, "unknown_url"),
  METHOD_NOT_ALLOWED(Source.CALLER, false, 405, "method_not_allowed"),
  REQUEST_TIMEOUT(Source.CALLER, false, 408, "request_timeout"),
  BODY_TOO_LARGE(Source.CALLER, false, 413, "request_too_large"),
  URL_TOO_LONG(Source.CALLER, false, 414, "url_too_long"),
  ENCODING_UNSUPPORTED(Source.CALLER, false, 415, "unsupported_content_encoding"),
  HEADERS_TOO_LARGE(Source.CALLER, false, 431, "headers_too_large"),
  RATE_LIMITED(Source.CALLER, true, 429, "rate_limit_exceeded"),
  BUDGET_SPENT(Source.CALLER, true, 429, "budget_exceeded"),
  PRICE_UNKNOWN(Source.CALLER, true, 400, "price_unknown"),
  CALLER_GONE(Source.CALLER, false, 499, "client_closed_request"),
  INTERNAL(Source.PROXY, false, 500, "internal_error"),
  LEDGER_UNAVAILABLE(Source.PROXY, false, 503, "ledger_unavailable"),
  DRAINING(Source.PROXY, false, 503, "draining"),
  ISSUER_UNAVAILABLE(Source.PROXY, false, 503, "issuer_unavailable"),
  UPSTREAM_UNREACHABLE(Source.PROVIDER, true, 503, "upstream_unavailable"),
  UPSTREAM_TLS(Source.PROVIDER, true, 502, "upstream_error"),
  UPSTREAM_MALFORMED(Source.PROVIDER, true, 502, "upstream_error"),
  UPSTREAM_CUT(Source.PROVIDER, true, 502, "upstream_error"),
  UPSTREAM_TIMEOUT(Source.PROVIDER, true, 504, "upstream_timeout");

  /// Whose fault a failure is.
  public enum Source {
    CALLER,
    PROXY,
    PROVIDER
  }

  private final Source source;
  private final boolean retryable;
  private final int status;
  private final String code;

  FailureKind(Source source, boolean retryable, int status, String code) {
    this.source = source;
    this.retryable = retryable;
    this.status = status;
    this.code = code;
  }

  public Source source() {
    return source;
  }

  /// Whether another attempt, at this target or the next, may succeed.
  public boolean isRetryable() {
    return retryable;
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  /// The `type` of OpenAI's error envelope.
  public String type() {
    if (status == 429) {
      return "rate_limit_error";
    }
    return status < 500 ? "invalid_request_error" : "server_error";
  }
}
