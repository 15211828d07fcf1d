package io.llmproxy.proxy.admin;

import io.llmproxy.proxy.observe.Metrics;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/// What the admin listener answers, path by path. Runs on its thread.
final class AdminPages {

  private static final String OVERVIEW =
      """
      <!doctype html>
      <html lang="en">
      <head><meta charset="utf-8"><title>llmproxy</title>
      <style>body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:40rem;\
      padding:0 1rem}code{background:#8882;padding:.1em .3em}</style></head>
      <body>
      <h1>llmproxy</h1>
      <ul>
      <li><a href="/health/live"><code>GET /health/live</code></a> (also <code>/livez</code>,
      <code>/healthz</code>): the process answers</li>
      <li><a href="/health/ready"><code>GET /health/ready</code></a> (also <code>/readyz</code>):
      it takes requests; 503 while it drains</li>
      <li><a href="/metrics"><code>GET /metrics</code></a>: for Prometheus, or JSON with
      <code>accept: application/json</code></li>
      <li><a href="/usage"><code>GET /usage</code></a>: requests, tokens and cost in total, by
      provider, by model, by key</li>
      <li><code>POST /drain</code>: take no more requests, finish those under way</li>
      </ul>
      </body>
      </html>
      """;

  private final Metrics metrics;
  private final BooleanSupplier draining;
  private final Runnable drain;

  AdminPages(Metrics metrics, BooleanSupplier draining, Runnable drain) {
    this.metrics = metrics;
    this.draining = draining;
    this.drain = drain;
  }

  /// Health is asked by machines that hold no token.
  static boolean isOpen(String path) {
    return switch (path) {
      case "/health/live", "/livez", "/healthz", "/health/ready", "/readyz" -> true;
      default -> false;
    };
  }

  /// The answer to a request that may be answered; `accept` is that field or empty.
  AdminReply answer(HttpMethod method, String path, String accept) {
    return switch (path) {
      case "/health/live", "/livez", "/healthz" ->
          isRead(method) ? AdminReply.status(200, "ok") : onlyRead();
      case "/health/ready", "/readyz" -> isRead(method) ? ready() : onlyRead();
      case "/metrics" -> isRead(method) ? metrics(accept) : onlyRead();
      case "/usage" ->
          isRead(method) ? AdminReply.of(200, AdminReply.JSON, metrics.usageJson()) : onlyRead();
      case "/" -> isRead(method) ? overview() : onlyRead();
      case "/drain" ->
          method.equals(HttpMethod.POST) ? drain() : AdminReply.methodNotAllowed("POST");
      default -> AdminReply.error(404, "unknown_url", "Nothing is here; / lists what is.");
    };
  }

  private static boolean isRead(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  private static AdminReply onlyRead() {
    return AdminReply.methodNotAllowed("GET, HEAD");
  }

  private AdminReply ready() {
    return draining.getAsBoolean()
        ? AdminReply.status(503, "draining")
        : AdminReply.status(200, "ready");
  }

  private AdminReply metrics(String accept) {
    return wantsJson(accept)
        ? AdminReply.of(200, AdminReply.JSON, metrics.json())
        : AdminReply.of(200, Metrics.PROMETHEUS_CONTENT_TYPE, metrics.prometheusText());
  }

  /// Scrapers name several kinds of text; only who names JSON and no text gets JSON.
  private static boolean wantsJson(String accept) {
    return accept.contains("application/json")
        && !accept.contains("text/plain")
        && !accept.contains("openmetrics");
  }

  private static AdminReply overview() {
    return AdminReply.of(
        200, "text/html; charset=utf-8", OVERVIEW.getBytes(StandardCharsets.UTF_8));
  }

  private AdminReply drain() {
    drain.run();
    return AdminReply.status(202, "draining");
  }
}
