package io.llmproxy.bench.quick;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.llmproxy.bench.load.RequestTemplate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// What the provider answers when nothing stands between: what every proxied reply is held against.
///
/// @param smallBytes the length of a small reply's body
/// @param streamEvents the events of a stream, its opening and usage included, `[DONE]` not
record DirectReplies(long smallBytes, int streamEvents) {

  /// Asks the provider itself.
  static DirectReplies of(InetSocketAddress provider, QuickOptions options)
      throws IOException, InterruptedException {
    long small = ask(provider, LoadPlans.request(options, Load.SMALL)).length;
    byte[] stream = ask(provider, LoadPlans.request(options, Load.UNPACED));
    return new DirectReplies(small, events(stream, QuickOptions.EVENTS));
  }

  /// The events of a stream of at least so many with content.
  static int events(byte[] reply, int content) throws IOException {
    String stream = new String(reply, UTF_8);
    int events = stream.split("\n\n", -1).length - 2;
    if (!stream.endsWith("data: [DONE]\n\n") || events < content) {
      throw new IOException(
          "provider's stream: %d events (expected: at least %d, and data: [DONE] at its end)"
              .formatted(events, content));
    }
    return events;
  }

  static byte[] ask(InetSocketAddress provider, RequestTemplate request)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://" + BenchRequests.authority(provider) + request.path());
    HttpRequest.Builder asked =
        HttpRequest.newBuilder(uri)
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(10))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(request.body()));
    request.headers().forEach(field -> asked.header(field.name(), field.value()));
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> reply = client.send(asked.build(), BodyHandlers.ofByteArray());
      if (reply.statusCode() != 200) {
        throw new IOException("provider answered " + reply.statusCode() + " (expected: 200)");
      }
      return reply.body();
    }
  }
}
