package io.llmproxy.bench.demo;

import io.llmproxy.provider.price.Price;
import io.llmproxy.provider.price.Rates;
import io.llmproxy.provider.wire.ServiceTier;
import io.llmproxy.provider.wire.Usage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One streamed chat through the proxy.
///
/// @param model what is asked for
/// @param anthropic whether the client speaks Anthropic Messages rather than OpenAI's chat
record DemoChat(String provider, String model, boolean anthropic) {

  private static final String PROMPT = "Say something, word by word, so that it can be watched.";

  /// What came of a chat.
  ///
  /// @param failure why there is no answer; null if there is one
  /// @param overheadMicros the proxy's own time until it sent the reply's head, as it says
  record Result(
      @Nullable String failure,
      long firstTokenMicros,
      long input,
      long output,
      @Nullable BigDecimal costUsd,
      long overheadMicros) {

    static Result failed(String why) {
      return new Result(why, 0, 0, 0, null, 0);
    }
  }

  String path() {
    return anthropic ? "/v1/messages" : "/v1/chat/completions";
  }

  String body() {
    String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}]";
    String more = anthropic ? "\"max_tokens\":256" : "\"stream_options\":{\"include_usage\":true}";
    return "{\"model\":\"%s\",%s,\"stream\":true,%s}".formatted(model, messages, more);
  }

  private HttpRequest request(URI proxy) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(proxy.resolve(path()))
            .timeout(Duration.ofSeconds(30))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body()));
    return anthropic ? request.header("anthropic-version", "2023-06-01").build() : request.build();
  }

  /// Asks, printing the answer token by token.
  Result ask(HttpClient client, URI proxy, @Nullable Price price, PrintWriter out)
      throws InterruptedException {
    long asked = System.nanoTime();
    try {
      HttpResponse<InputStream> response =
          client.send(request(proxy), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          String said = new String(body.readAllBytes(), StandardCharsets.UTF_8);
          return Result.failed("status " + response.statusCode() + ": " + said);
        }
        long overhead = response.headers().firstValueAsLong("x-llmproxy-overhead-us").orElse(-1);
        return read(body, new Asked(asked, overhead, price), out);
      }
    } catch (IOException e) {
      String message = e.getMessage();
      return Result.failed(message == null ? e.toString() : message);
    }
  }

  private record Asked(long nanos, long overheadMicros, @Nullable Price price) {}

  private static Result read(InputStream body, Asked asked, PrintWriter out) throws IOException {
    AnswerReader answer = new AnswerReader();
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    long firstToken = -1;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String text = answer.read(line);
      if (!text.isEmpty()) {
        firstToken = firstToken < 0 ? System.nanoTime() - asked.nanos() : firstToken;
        out.print(text);
        out.flush();
      }
    }
    out.println();
    if (!answer.ended() || firstToken < 0) {
      return Result.failed("the answer stopped before its end");
    }
    return new Result(
        null,
        firstToken / 1_000,
        answer.input(),
        answer.output(),
        asked.price() == null ? null : cost(answer, asked.price()),
        asked.overheadMicros());
  }

  private static @Nullable BigDecimal cost(AnswerReader answer, Price price) {
    long plain = answer.input() - answer.cached() - answer.written();
    Usage usage =
        new Usage(plain, answer.cached(), answer.written(), 0, 0, 0, 0, answer.output(), 0, 0, 0);
    long nanoUsd = price.nanoUsd(usage, ServiceTier.STANDARD);
    return nanoUsd == Rates.UNKNOWN ? null : BigDecimal.valueOf(nanoUsd, 9);
  }
}
