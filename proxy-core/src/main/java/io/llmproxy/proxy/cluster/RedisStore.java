package io.llmproxy.proxy.cluster;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.llmproxy.proxy.config.ClusterSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A Redis. A call is one script, which Redis runs whole or not at all, by its own clock.
final class RedisStore implements Store {
  private static final Duration COMMAND_TIMEOUT = Duration.ofMillis(50);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration FIRST_RECONNECT = Duration.ofMillis(50);
  private static final Duration LAST_RECONNECT = Duration.ofMillis(500);
  private static final int MOST_QUEUED = 1_000;
  private static final String LEARNING_MILLIS = "3000";
  private static final String HUNGRY_MILLIS = "3000";
  private static final int HEAD = 3;
  private static final int REPLIES_EACH = 3;
  private static final String SCRIPT = script();

  private final String prefix;
  private final RedisURI uri;
  private final ClientResources resources;
  private final RedisClient client;
  private @Nullable StatefulRedisConnection<String, String> connection;
  private String digest = "";

  RedisStore(ClusterSettings settings) {
    // Braces: all keys are in one slot of a Redis Cluster.
    prefix = "{llmproxy:" + settings.name() + "}:";
    uri = uri(settings);
    resources =
        ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .reconnectDelay(
                Delay.exponential(FIRST_RECONNECT, LAST_RECONNECT, 2, TimeUnit.MILLISECONDS))
            .build();
    client = RedisClient.create(resources, uri);
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
            .requestQueueSize(MOST_QUEUED)
            .socketOptions(SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).build())
            .build());
  }

  private static RedisURI uri(ClusterSettings settings) {
    RedisURI.Builder builder =
        RedisURI.builder()
            .withHost(settings.host())
            .withPort(settings.port())
            .withDatabase(settings.database())
            .withSsl(settings.tls())
            .withTimeout(COMMAND_TIMEOUT);
    char[] password =
        settings.password() == null ? new char[0] : settings.password().reveal().toCharArray();
    if (settings.user() != null) {
      builder.withAuthentication(settings.user(), password);
    } else if (password.length > 0) {
      builder.withPassword(password);
    }
    return builder.build();
  }

  @Override
  public Reply call(Call call) throws StoreException {
    String[] keys = new String[1 + call.asks().size()];
    keys[0] = prefix + "proxies";
    List<String> values = new ArrayList<>();
    values.add(call.node());
    values.add(Long.toString(call.run()));
    values.add(Long.toString(call.seq()));
    values.add(Long.toString(call.heard()));
    values.add(call.epoch());
    values.add(call.newEpoch());
    values.add(LEARNING_MILLIS);
    values.add(HUNGRY_MILLIS);
    for (int i = 0; i < call.asks().size(); i++) {
      Ask ask = call.asks().get(i);
      keys[i + 1] = prefix + ask.terms().key();
      add(values, ask);
    }
    try {
      return reply(run(keys, values.toArray(String[]::new)));
    } catch (RedisException e) {
      throw new StoreException(String.valueOf(e.getMessage()), e);
    }
  }

  /// In the order in which the script reads them.
  private static void add(List<String> values, Ask ask) {
    values.add(ask.terms().kind().letter());
    values.add(Integer.toString(ask.standing().code()));
    values.add(Long.toString(ask.limit()));
    values.add(Long.toString(ask.floor()));
    values.add(Long.toString(ask.committed()));
    values.add(Long.toString(ask.want()));
    values.add(Long.toString(ask.need()));
    values.add(Long.toString(ask.standby()));
    values.add(Long.toString(ask.ttlMillis()));
  }

  private List<Object> run(String[] keys, String[] values) {
    if (connection == null) {
      connection = client.connect(uri);
      connection.setTimeout(COMMAND_TIMEOUT);
    }
    RedisCommands<String, String> commands = connection.sync();
    if (digest.isEmpty()) {
      digest = commands.scriptLoad(SCRIPT);
    }
    try {
      return commands.evalsha(digest, ScriptOutputType.MULTI, keys, values);
    } catch (RedisNoScriptException _) {
      // Redis began anew.
      digest = commands.scriptLoad(SCRIPT);
      return commands.evalsha(digest, ScriptOutputType.MULTI, keys, values);
    }
  }

  private static Reply reply(List<Object> said) {
    return switch (String.valueOf(said.getFirst())) {
      case "epoch" -> new Reply.OtherEpoch(String.valueOf(said.get(1)), number(said.get(2)));
      case "superseded" -> new Reply.Superseded();
      default -> {
        List<Told> told = new ArrayList<>();
        for (int i = HEAD; i + REPLIES_EACH <= said.size(); i += REPLIES_EACH) {
          told.add(
              new Told(
                  number(said.get(i)), number(said.get(i + 1)), (int) number(said.get(i + 2))));
        }
        yield new Reply.Leases(number(said.get(1)) == 1, (int) number(said.get(2)), told);
      }
    };
  }

  private static long number(Object said) {
    return said instanceof Long number ? number : Long.parseLong(String.valueOf(said));
  }

  private static String script() {
    try (InputStream in = RedisStore.class.getResourceAsStream("sync.lua")) {
      if (in == null) {
        throw new IllegalStateException("sync.lua is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
    }
    client.shutdown(Duration.ZERO, CONNECT_TIMEOUT);
    resources.shutdown(0, CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
