package io.llmproxy.proxy.auth;

import com.auth0.jwt.algorithms.Algorithm;
import io.llmproxy.proxy.config.JwtSettings;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/// The public keys an issuer publishes: fetched by a thread of their own, again from time to time
/// and where a token names a key that is not among them. The last good ones are kept. Looking one
/// up never waits.
final class FetchedKeys implements IssuerKeys {

  private static final Logger LOG = LogManager.getLogger(FetchedKeys.class);
  private static final int MOST_BYTES = 1 << 20;
  private static final Unknown NOT_YET =
      new Unknown(
          new Failure(
              FailureKind.ISSUER_UNAVAILABLE,
              "the keys of the token's issuer could not be fetched so far; send the request again"));

  /// How often keys are fetched.
  ///
  /// @param again after so long in any case
  /// @param least not before so long, whatever tokens name
  /// @param patience for one fetch
  record Pace(Duration again, Duration least, Duration patience) {
    static final Pace USUAL =
        new Pace(Duration.ofMinutes(10), Duration.ofSeconds(30), Duration.ofSeconds(10));
  }

  private final URI url;
  private final Set<JwtSettings.Algorithm> algorithms;
  private final Pace pace;
  private final BlockingQueue<Boolean> wishes = new ArrayBlockingQueue<>(1);
  private final Thread thread;
  private volatile @Nullable KeySet keys;

  private FetchedKeys(URI url, Set<JwtSettings.Algorithm> algorithms, Pace pace) {
    this.url = url;
    this.algorithms = algorithms;
    this.pace = pace;
    this.thread = Thread.ofVirtual().name("llmproxy-jwks").unstarted(this::run);
  }

  static FetchedKeys start(URI url, Set<JwtSettings.Algorithm> algorithms) {
    return start(url, algorithms, Pace.USUAL);
  }

  static FetchedKeys start(URI url, Set<JwtSettings.Algorithm> algorithms, Pace pace) {
    FetchedKeys fetched = new FetchedKeys(url, algorithms, pace);
    fetched.thread.start();
    return fetched;
  }

  @Override
  public Found find(@Nullable String id, @Nullable String algorithm) {
    KeySet set = keys;
    Algorithm key = set == null ? null : set.find(id, algorithm);
    if (key != null) {
      return new Found.Key(key);
    }
    boolean asked = wishes.offer(true);
    LOG.debug("a token names a key that is not there; fetching them was asked for: {}", asked);
    return new Found.None(set == null ? NOT_YET : NO_SUCH_KEY);
  }

  private void run() {
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(pace.patience())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build()) {
      while (!thread.isInterrupted()) {
        fetch(client);
        TimeUnit.NANOSECONDS.sleep(pace.least().toNanos());
        Boolean wish = wishes.poll(pace.again().toNanos(), TimeUnit.NANOSECONDS);
        LOG.debug("fetching the issuer's keys again, asked for: {}", wish != null);
      }
      client.shutdownNow();
    } catch (InterruptedException _) {
      LOG.debug("the issuer's keys are fetched no more");
    }
  }

  private void fetch(HttpClient client) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(pace.patience())
            .header("accept", "application/json")
            .build();
    CompletableFuture<HttpResponse<byte[]>> reply =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    try {
      HttpResponse<byte[]> response = reply.get(pace.patience().toNanos(), TimeUnit.NANOSECONDS);
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      keys = KeySet.read(response.body(), algorithms);
    } catch (IOException | ExecutionException | TimeoutException e) {
      LOG.warn("the keys of the token's issuer could not be fetched: {}", e.toString());
    } finally {
      reply.cancel(true);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
