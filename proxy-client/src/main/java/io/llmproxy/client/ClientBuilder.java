package io.llmproxy.client;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Collects what a client is made of. For one thread.
public final class ClientBuilder {

  private static final String HTTP_2 = ApplicationProtocolNames.HTTP_2;
  private static final String HTTP_1_1 = ApplicationProtocolNames.HTTP_1_1;

  private final List<Endpoint> endpoints = new ArrayList<>();
  private String key = "";
  private Duration deadline = Duration.ofMinutes(10);
  private Duration connectTimeout = Duration.ofSeconds(3);
  private RetryPolicy retry = RetryPolicy.DEFAULT;
  private Resume resume = Resume.OFF;
  private int connections = 2;
  private boolean spread;
  private @Nullable Path trusted;
  private @Nullable Executor executor;

  ClientBuilder() {}

  /// One more endpoint; those after the first stand in for it. At least one is needed.
  ///
  /// @param base `http://host:port` for `/v1` under it, else with the path before
  ///   `/chat/completions`
  public ClientBuilder endpoint(String base) {
    return endpoint(Endpoint.of(base));
  }

  public ClientBuilder endpoint(Endpoint endpoint) {
    endpoints.add(endpoint);
    return this;
  }

  /// Shown to endpoints that have no key of their own.
  public ClientBuilder apiKey(String key) {
    this.key = key;
    return this;
  }

  /// How long a call may take in all, retries included; the proxy is told. 10 minutes by default.
  public ClientBuilder deadline(Duration deadline) {
    this.deadline = deadline;
    return this;
  }

  /// For name, TCP and TLS together, and HTTP/2's SETTINGS. 3 seconds by default.
  public ClientBuilder connectTimeout(Duration timeout) {
    this.connectTimeout = timeout;
    return this;
  }

  public ClientBuilder retry(RetryPolicy policy) {
    this.retry = policy;
    return this;
  }

  /// What becomes of a stream that breaks after some of it was delivered.
  public ClientBuilder resume(Resume resume) {
    this.resume = resume;
    return this;
  }

  /// To each endpoint, over HTTP/2. 2 by default.
  public ClientBuilder connections(int most) {
    this.connections = most;
    return this;
  }

  /// Whether calls begin with each endpoint in turn, instead of with the first that is well.
  public ClientBuilder spread(boolean inTurn) {
    this.spread = inTurn;
    return this;
  }

  /// A file of certificates in PEM to trust, in the place of the JDK's.
  public ClientBuilder trust(Path pem) {
    this.trusted = pem;
    return this;
  }

  /// Tells subscribers and completes futures. Virtual threads by default.
  public ClientBuilder executor(Executor executor) {
    this.executor = executor;
    return this;
  }

  /// Makes the client.
  ///
  /// @throws IllegalArgumentException where there is no endpoint, or the certificates cannot be
  ///   read
  public LlmClient build() {
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("no endpoint (expected: one or more)");
    }
    List<Endpoint> keyed =
        endpoints.stream().map(each -> each.key().isEmpty() ? each.withKey(key) : each).toList();
    Transport transport = new Transport(this::tls, connections, connectTimeout);
    Core core = new Core(transport, keyed, retry, spread);
    if (executor != null) {
      return new LlmClient(new Calls(core, executor, deadline, resume), null);
    }
    ExecutorService owned = Executors.newVirtualThreadPerTaskExecutor();
    return new LlmClient(new Calls(core, task -> run(owned, task), deadline, resume), owned);
  }

  /// What comes after the client was closed is told by the thread that finds it out.
  private static void run(ExecutorService executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException _) {
      task.run();
    }
  }

  /// What TLS is spoken with, offering by ALPN what `version` allows.
  private SslContext tls(HttpVersion version) {
    String[] offered =
        switch (version) {
          case AUTO -> new String[] {HTTP_2, HTTP_1_1};
          case HTTP_1_1 -> new String[] {HTTP_1_1};
          case HTTP_2 -> new String[] {HTTP_2};
        };
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    offered));
    if (trusted != null) {
      builder.trustManager(trusted.toFile());
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("TLS: " + e.getMessage(), e);
    }
  }
}
