package io.llmproxy.bench.sdk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.llmproxy.bench.cluster.RedisProcess;
import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.SimulatorSettings;
import io.llmproxy.bench.simulator.Simulators;
import io.llmproxy.proxy.config.KeyHash;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// No key, token or password is in anything that the proxy says or writes, whatever is asked, and
/// with all that it can log switched on. What must not appear are canaries that stand nowhere else.
@Timeout(240)
final class SecretsIT {

  private static final String CLIENT_KEY = "llmp-CANARYofTheCaller0123456789";
  private static final String WRONG_KEY = "llmp-CANARYofNobody0123456789abcd";
  private static final String JWT_SECRET = "CANARY-of-the-issuer-of-more-than-32-bytes";
  private static final String ADMIN_TOKEN = "CANARY-of-the-admin-port-0123456789";
  private static final String REDIS_PASSWORD = "CANARY-of-the-redis-0123456789";

  private static final List<String> SCRIPTS =
      List.of(
          "sim-events=3",
          "sim-status=400",
          "sim-status=401",
          "sim-status=403",
          "sim-status=404",
          "sim-status=429",
          "sim-status=500",
          "sim-html",
          "sim-reset=head",
          "sim-events=3,cut=2",
          "sim-events=3,error_event=2",
          "sim-sample=xai-400-badkey");

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> told = new ArrayList<>();

  /// What must be nowhere.
  private final Set<String> secrets = new LinkedHashSet<>(List.of("CANARY"));

  private Simulators simulators;
  private RedisProcess redis;
  private HttpServer parrot;

  @BeforeEach
  void start() throws Exception {
    simulators = Simulators.start(SimulatorSettings.DEFAULT);
    redis = RedisProcess.start(directory);
    redis.command("CONFIG SET requirepass " + REDIS_PASSWORD);
    parrot = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    parrot.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          exchange.getRequestBody().readAllBytes();
          String shown = exchange.getRequestHeaders().getFirst("authorization");
          byte[] body =
              "{\"error\":{\"message\":\"Incorrect API key provided: %s\",\"type\":\"x\",\"code\":null}}"
                  .formatted(shown)
                  .getBytes(UTF_8);
          exchange.getResponseHeaders().set("content-type", "application/json");
          exchange.sendResponseHeaders(path.contains("/400/") ? 400 : 500, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    parrot.start();
  }

  @AfterEach
  void stop() {
    client.close();
    parrot.stop(0);
    redis.close();
    simulators.close();
  }

  private Path configuration() throws IOException {
    StringBuilder yaml =
        new StringBuilder(
            """
            llmproxy:
              listen_addr: "127.0.0.1:0"
              admin: {listen_addr: "127.0.0.1:0", token: "%s"}
              log_level: trace
              ledger: {dir: "%s"}
              cost_budget: {daily_limit: 1000, on_unpriced: charge_ceiling}
              cluster: {redis: "redis://127.0.0.1:%d", password: "%s", node: n}
              keys:
                - {name: known, hash: "%s", models: ["*"]}
              jwt: {issuer: me, audience: llmproxy, secret: "%s"}
              providers:
            """
                .formatted(
                    ADMIN_TOKEN,
                    directory.resolve("ledger"),
                    redis.port(),
                    REDIS_PASSWORD,
                    KeyHash.ofKey(CLIENT_KEY.getBytes(UTF_8)),
                    JWT_SECRET));
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      provider(yaml, provider.key(), "", simulators.baseUrl(provider).toString());
    }
    String origin = "http://127.0.0.1:" + parrot.getAddress().getPort();
    provider(yaml, "parrot400", ", type: openai", origin + "/400");
    provider(yaml, "parrot500", ", type: openai", origin + "/500");
    provider(yaml, "nobody", ", type: openai", "http://127.0.0.1:1");
    return Files.writeString(directory.resolve("llmproxy.yaml"), yaml.toString());
  }

  private static void provider(StringBuilder yaml, String name, String more, String url) {
    String key = "CANARYid.CANARY-of-%s-0123456789".formatted(name);
    yaml.append("    %s: {api_key: \"%s\", base_url: \"%s\"%s}\n".formatted(name, key, url, more));
  }

  @Test
  void noSecretIsInAnythingThatIsSaidOrWritten() throws Exception {
    Path configuration = configuration();
    List<String> models = new ArrayList<>();
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      SCRIPTS.forEach(script -> models.add(provider.key() + "/" + script));
    }
    models.addAll(List.of("parrot400/m", "parrot500/m", "nobody/m", "unknown", "sk-unknown/m"));
    try (Child child = Child.serve(configuration)) {
      List<URI> ports = child.ready();
      askAll(ports.getFirst(), models);
      askAdmin(ports.getLast());
      redis.command("CONFIG SET requirepass another");
      redis.kill();
      askAll(ports.getFirst(), List.of("openai/sim-events=3", "nobody/m"));
      redis.start();
      redis.command("CONFIG SET requirepass another");
      Thread.sleep(1_500);
      askAll(ports.getFirst(), List.of("openai/sim-events=3"));
      askAdmin(ports.getLast());
      child.terminate();
      assertThat(child.status()).isZero();
      told.addAll(child.out());
      told.addAll(child.err());
      assertThat(child.out()).as("the log of requests").hasSizeGreaterThan(100);
    }
    told.forEach(text -> assertThat(text).doesNotContain(secrets));
    assertNothingWritten();
  }

  /// Files of the ledger, and the memory of Redis as its log has it.
  private void assertNothingWritten() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("llmproxy.yaml")) {
          String text = new String(Files.readAllBytes(file), ISO_8859_1);
          assertThat(secrets.stream().filter(text::contains)).as(file.toString()).isEmpty();
        }
      }
    }
  }

  private void askAll(URI data, List<String> models) throws Exception {
    List<String> shown =
        List.of(
            "Bearer " + CLIENT_KEY,
            "Bearer " + WRONG_KEY,
            "Bearer " + token(3600),
            "Bearer " + token(-3600),
            "Bearer " + token(3600) + "x",
            "Basic " + WRONG_KEY);
    for (String model : models) {
      ask(data, model, true, shown.getFirst());
      ask(data, model, false, shown.getFirst());
    }
    for (String authorization : shown) {
      ask(data, models.getFirst(), true, authorization);
      for (String path :
          List.of(
              "/health", "/metrics", "/v1/models", "/v1/models/x", "/nowhere?key=" + WRONG_KEY)) {
        tell(request(data, path, authorization).build());
      }
      tell(
          request(data, "/v1/chat/completions", authorization)
              .POST(BodyPublishers.ofString("{\"model\":"))
              .build());
    }
  }

  private void ask(URI data, String model, boolean stream, String authorization) throws Exception {
    boolean anthropic = model.startsWith("anthropic/");
    tell(
        request(data, anthropic ? "/v1/messages" : "/v1/chat/completions", authorization)
            .POST(
                BodyPublishers.ofString(
                    anthropic ? Bodies.message(model, stream) : Bodies.chat(model, stream)))
            .build());
  }

  private static HttpRequest.Builder request(URI origin, String path, String authorization) {
    return HttpRequest.newBuilder(origin.resolve(path))
        .header("authorization", authorization)
        .header("x-api-key", authorization.substring(authorization.indexOf(' ') + 1))
        .header("cookie", "session=" + WRONG_KEY);
  }

  private void askAdmin(URI admin) throws Exception {
    for (String token : List.of(ADMIN_TOKEN, WRONG_KEY)) {
      for (String path :
          List.of("/", "/metrics", "/usage", "/health/ready", "/health/live", "/nowhere")) {
        tell(request(admin, path, "Bearer " + token).build());
        tell(request(admin, path, "Bearer " + token).header("accept", "application/json").build());
      }
    }
  }

  /// Notes status, fields and body of the answer, as far as it goes.
  private void tell(HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
      told.add(answer.statusCode() + " " + answer.headers().map());
      StringBuilder text = new StringBuilder(request.uri().getPath()).append(": ");
      try (InputStream in = answer.body()) {
        for (int next = in.read(); next >= 0; next = in.read()) {
          text.append((char) next);
        }
      } finally {
        told.add(text.toString());
      }
    } catch (IOException e) {
      told.add("broken off: " + e.getMessage());
    }
  }

  /// Base64 would hide a canary: the token's own parts are looked for.
  private String token(int seconds) throws GeneralSecurityException {
    String claims =
        "{\"iss\":\"me\",\"aud\":\"llmproxy\",\"sub\":\"alice\",\"exp\":%d}"
            .formatted(Instant.now().getEpochSecond() + seconds);
    String payload = base64(claims.getBytes(UTF_8));
    String text = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(UTF_8)) + "." + payload;
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(JWT_SECRET.getBytes(UTF_8), "HmacSHA256"));
    String signature = base64(mac.doFinal(text.getBytes(UTF_8)));
    secrets.addAll(List.of(payload, signature));
    return text + "." + signature;
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
