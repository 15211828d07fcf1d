package io.llmproxy.proxy.http;

import io.netty.util.AsciiString;

/// Names and values of header fields that replies carry.
public final class Names {
  public static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  public static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  public static final AsciiString CACHE_CONTROL = AsciiString.cached("cache-control");
  public static final AsciiString NO_CACHE = AsciiString.cached("no-cache");
  public static final AsciiString X_ACCEL_BUFFERING = AsciiString.cached("x-accel-buffering");
  public static final AsciiString NO = AsciiString.cached("no");
  public static final AsciiString RETRY_AFTER = AsciiString.cached("retry-after");
  public static final AsciiString MAX_TOKENS = AsciiString.cached("x-llmproxy-max-tokens");
  public static final AsciiString ALLOW = AsciiString.cached("allow");
  public static final AsciiString X_REQUEST_ID = AsciiString.cached("x-request-id");
  public static final AsciiString REQUEST_ID = AsciiString.cached("request-id");
  public static final AsciiString X_SHOULD_RETRY = AsciiString.cached("x-should-retry");
  public static final AsciiString FALSE = AsciiString.cached("false");
  public static final AsciiString PROVIDER = AsciiString.cached("x-llmproxy-provider");
  public static final AsciiString MODEL = AsciiString.cached("x-llmproxy-model");
  public static final AsciiString ATTEMPTS = AsciiString.cached("x-llmproxy-attempts");
  public static final AsciiString OVERHEAD_US = AsciiString.cached("x-llmproxy-overhead-us");
  public static final AsciiString COST_USD = AsciiString.cached("x-llmproxy-cost-usd");
  public static final AsciiString DROPPED = AsciiString.cached("x-llmproxy-dropped");
  public static final AsciiString TOKEN_COUNT = AsciiString.cached("x-llmproxy-token-count");
  public static final AsciiString ESTIMATED = AsciiString.cached("estimated");
  public static final AsciiString UPSTREAM_REQUEST_ID =
      AsciiString.cached("x-llmproxy-upstream-request-id");
  public static final AsciiString JSON = AsciiString.cached("application/json");
  public static final AsciiString EVENT_STREAM =
      AsciiString.cached("text/event-stream; charset=utf-8");
  public static final AsciiString TEXT =
      AsciiString.cached("text/plain; version=0.0.4; charset=utf-8");

  private Names() {}
}
