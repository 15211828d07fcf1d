package io.llmproxy.bench.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Asks a simulated provider over HTTP/1.1 with the JDK's client.
final class Asker implements AutoCloseable {

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final Simulators simulators;

  Asker(Simulators simulators) {
    this.simulators = simulators;
  }

  static String body(String model, boolean stream, String more) {
    return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":%s%s}"
        .formatted(model, stream, more);
  }

  static String chatPath(SimulatedProvider provider) {
    return provider == SimulatedProvider.ANTHROPIC ? "/v1/messages" : "/chat/completions";
  }

  HttpRequest.Builder request(SimulatedProvider provider, String path) {
    URI uri = URI.create(simulators.baseUrl(provider) + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(10))
            .header("content-type", "application/json");
    return provider == SimulatedProvider.ANTHROPIC
        ? request.header("x-api-key", "k").header("anthropic-version", "2023-06-01")
        : request.header("authorization", "Bearer k");
  }

  /// Adds `max_tokens` where Anthropic is asked without.
  static String fit(SimulatedProvider provider, String body) {
    boolean lacks = provider == SimulatedProvider.ANTHROPIC && !body.contains("\"max_tokens\"");
    return lacks ? body.replaceFirst("\\{\"model\"", "{\"max_tokens\":64,\"model\"") : body;
  }

  HttpRequest chat(SimulatedProvider provider, String body) {
    return request(provider, chatPath(provider))
        .POST(HttpRequest.BodyPublishers.ofString(fit(provider, body)))
        .build();
  }

  HttpResponse<String> ask(SimulatedProvider provider, String body) throws Exception {
    return client.send(chat(provider, body), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /// Sends, and gives up what has not arrived whole by then.
  HttpResponse<String> send(HttpRequest request, Duration within) throws Exception {
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    try {
      return answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      answer.cancel(true);
    }
  }

  HttpResponse<InputStream> open(SimulatedProvider provider, String body) throws Exception {
    return client.send(chat(provider, body), HttpResponse.BodyHandlers.ofInputStream());
  }

  /// Streams an answer.
  String stream(SimulatedProvider provider, String model) throws Exception {
    return ask(provider, body(model, true, "")).body();
  }

  /// Asks and does not mind how it ends.
  void attempt(SimulatedProvider provider, String model) throws Exception {
    try {
      stream(provider, model);
    } catch (IOException _) {
      // some scripts end so
    }
  }

  /// What arrives of an answer that breaks off.
  String broken(SimulatedProvider provider, String model) throws Exception {
    StringBuilder text = new StringBuilder();
    try (InputStream in = open(provider, body(model, true, "")).body()) {
      byte[] bytes = new byte[8192];
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        text.append(new String(bytes, 0, n, java.nio.charset.StandardCharsets.UTF_8));
      }
      text.append("<clean end>");
    } catch (IOException _) {
      text.append("<broken>");
    }
    return text.toString();
  }

  static int count(String text, String part) {
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
      count++;
    }
    return count;
  }

  static List<String> data(String stream) {
    List<String> data = new ArrayList<>();
    stream.lines().filter(line -> line.startsWith("data: ")).forEach(l -> data.add(l.substring(6)));
    return data;
  }

  @Override
  public void close() {
    client.close();
  }
}
