package io.llmproxy.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.llmproxy.bench.e2e.Patience;
import io.llmproxy.bench.sdk.LabCertificate;
import io.llmproxy.bench.simulator.Connections;
import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.SimulatorSettings;
import io.llmproxy.bench.simulator.Simulators;
import io.llmproxy.client.ChatAnswer;
import io.llmproxy.client.ChatEvent;
import io.llmproxy.client.ChatRequest;
import io.llmproxy.client.ChatStream;
import io.llmproxy.client.Chats;
import io.llmproxy.client.EmbeddingAnswer;
import io.llmproxy.client.EmbeddingRequest;
import io.llmproxy.client.Endpoint;
import io.llmproxy.client.HttpVersion;
import io.llmproxy.client.LlmClient;
import io.llmproxy.client.LlmException;
import io.llmproxy.client.ModelInfo;
import io.llmproxy.client.Resume;
import io.llmproxy.client.Tool;
import io.llmproxy.provider.wire.Usage;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The client asks what it can ask, by each HTTP; what is cancelled, late or unread reaches the
/// provider as that.
@Timeout(60)
final class ClientIT {

  private static ClientBed bed;

  @TempDir private Path directory = Path.of("");

  @BeforeAll
  static void start() throws Exception {
    bed = new ClientBed("");
  }

  @AfterAll
  static void stop() {
    bed.close();
  }

  @AfterEach
  void atRest() throws InterruptedException {
    bed.assertAtRest();
  }

  private static ChatRequest ask(String model) {
    return ChatRequest.builder().model(model).maxTokens(64).user("Where is Paris?").build();
  }

  @ParameterizedTest
  @EnumSource(HttpVersion.class)
  void streamsAndGathersTheSameTextInBothDialects(HttpVersion version) {
    try (LlmClient client = bed.client(version).build()) {
      for (Chats chats : List.of(client.chat(), client.messages())) {
        for (String provider : List.of("openai", "anthropic")) {
          ChatRequest request = ask(provider + "/sim-words,events=12,think=3");
          ChatAnswer answer = chats.create(request);
          assertThat(answer.text()).startsWith("This answer is simulated.");
          assertThat(answer.usage().totalOutput()).isGreaterThanOrEqualTo(12);
          assertThat(answer.info().provider()).isEqualTo(provider);
          assertThat(answer.info().requestId()).isNotEmpty();
          assertThat(answer.finish()).isIn("stop", "end_turn");
          assertStreams(chats, request, answer, version);
        }
      }
    }
  }

  private static void assertStreams(
      Chats chats, ChatRequest request, ChatAnswer whole, HttpVersion version) {
    List<ChatEvent> events = new ArrayList<>();
    try (ChatStream stream = chats.stream(request)) {
      stream.forEach(events::add);
    }
    StringBuilder text = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    for (ChatEvent event : events) {
      switch (event) {
        case ChatEvent.Text piece -> text.append(piece.text());
        case ChatEvent.Reasoning piece -> reasoning.append(piece.text());
        default -> assertThat(event.raw()).isNotEmpty();
      }
    }
    assertThat(text.toString()).isEqualTo(whole.text());
    assertThat(reasoning.toString()).isEqualTo(whole.reasoning());
    assertThat(events).filteredOn(ChatEvent.Finish.class::isInstance).hasSize(1);
    ChatEvent.UsageTold usage =
        (ChatEvent.UsageTold)
            events.stream().filter(ChatEvent.UsageTold.class::isInstance).toList().getLast();
    assertThat(usage.usage().totalOutput()).isEqualTo(whole.usage().totalOutput());
    assertThat(events.getLast()).isInstanceOf(ChatEvent.End.class);
    HttpVersion spoken = ((ChatEvent.End) events.getLast()).info().version();
    assertThat(spoken).isEqualTo(version == HttpVersion.AUTO ? HttpVersion.HTTP_2 : version);
  }

  @Test
  void callsToolsInBothDialects() {
    Tool tool =
        new Tool(
            "get_weather",
            "tells the weather",
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}");
    ChatRequest request =
        ChatRequest.builder()
            .model("anthropic/sim-tools=1")
            .maxTokens(64)
            .user("How is the weather?")
            .tool(tool)
            .build();
    try (LlmClient client = bed.client(HttpVersion.AUTO).build()) {
      for (Chats chats : List.of(client.chat(), client.messages())) {
        ChatAnswer answer = chats.create(request);
        assertThat(answer.calls()).hasSize(1);
        assertThat(answer.calls().getFirst().name()).isEqualTo("get_weather");
        StringBuilder arguments = new StringBuilder();
        try (ChatStream stream = chats.stream(request)) {
          for (ChatEvent event : stream) {
            if (event instanceof ChatEvent.ToolFragment part) {
              arguments.append(part.arguments());
            }
          }
        }
        assertThat(arguments.toString().replace(" ", ""))
            .isEqualTo(answer.calls().getFirst().arguments().replace(" ", ""));
      }
    }
  }

  @Test
  void tellsWhatAnAnswerCost() {
    try (LlmClient client = bed.client(HttpVersion.AUTO).build()) {
      ChatAnswer answer = client.chat().create(ask("priced-openai"));
      assertThat(answer.info().costUsd()).contains(priced(answer.usage()));
      List<ChatEvent> events = new ArrayList<>();
      try (ChatStream stream = client.chat().stream(ask("priced-openai"))) {
        stream.forEach(events::add);
      }
      assertThat(events).hasAtLeastOneElementOfType(ChatEvent.UsageTold.class);
      for (ChatEvent event : events) {
        if (event instanceof ChatEvent.UsageTold told) {
          assertThat(((ChatEvent.End) events.getLast()).info().costUsd())
              .as("a stream's, in the trailer of HTTP/2")
              .contains(priced(told.usage()));
        }
      }
    }
  }

  private static BigDecimal priced(Usage usage) {
    return BigDecimal.valueOf(usage.totalInput() * 1000 + usage.totalOutput() * 10_000, 9);
  }

  @Test
  void embedsAndListsModels() {
    try (LlmClient client = bed.client(HttpVersion.AUTO).build()) {
      EmbeddingAnswer answer =
          client.embeddings(EmbeddingRequest.of("openai/text-embedding-3-small", "one", "two"));
      assertThat(answer.vectors()).hasSize(2);
      assertThat(answer.vectors().getFirst()).hasSizeGreaterThan(1);
      assertThat(client.models()).extracting(ModelInfo::id).contains("priced-openai");
    }
  }

  @ParameterizedTest
  @EnumSource(HttpVersion.class)
  void speaksTlsWithAlpn(HttpVersion version) throws Exception {
    LabCertificate certificate = LabCertificate.in(directory);
    try (ClientBed secure = new ClientBed("  " + certificate.yaml() + "\n");
        LlmClient client = secure.client(version).trust(certificate.certificate()).build()) {
      ChatAnswer answer = client.chat().create(ask("openai/sim-words,events=12"));
      assertThat(answer.text()).startsWith("This answer is simulated.");
      assertThat(answer.info().version())
          .isEqualTo(version == HttpVersion.AUTO ? HttpVersion.HTTP_2 : version);
    }
  }

  @Test
  void fallsBackToHttp1WhereHttp2IsNotSpoken() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/models",
        exchange -> {
          byte[] body = "{\"data\":[{\"id\":\"m\"}]}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try (LlmClient client =
        LlmClient.builder().endpoint("http://127.0.0.1:" + server.getAddress().getPort()).build()) {
      assertThat(client.models()).extracting(ModelInfo::id).containsExactly("m");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void asksAProviderWithoutAProxy() {
    String openAi = bed.simulators().baseUrl(SimulatedProvider.OPENAI).toString();
    try (LlmClient client = LlmClient.builder().endpoint(openAi).apiKey("k").build()) {
      ChatAnswer answer = client.chat().create(ask("sim-words,events=12"));
      assertThat(answer.text()).startsWith("This answer is simulated.");
      assertThat(answer.info().provider()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(HttpVersion.class)
  void aStreamThatIsClosedIsCancelledAtTheProvider(HttpVersion version)
      throws InterruptedException {
    long before = bed.books().cancelled();
    try (LlmClient client = bed.client(version).build()) {
      try (ChatStream stream = client.chat().stream(ask("openai/sim-events=1000,rate=100"))) {
        assertThat(stream.iterator().next().raw()).isNotEmpty();
      }
      Patience.until("cancelled", () -> bed.books().cancelled() == before + 1);
      CompletableFuture<ChatAnswer> future = client.chat().createAsync(ask("openai/sim-ttft=30s"));
      Patience.until("asked", () -> bed.books().openStreams() == 1);
      future.cancel(true);
      Patience.until("cancelled", () -> bed.books().cancelled() == before + 2);
    }
  }

  @ParameterizedTest
  @EnumSource(HttpVersion.class)
  void aSubscriberThatDoesNotAskHoldsUpTheProvider(HttpVersion version) throws Exception {
    long before = bed.books().bytesOut();
    ChatRequest request = ask("openai/sim-events=20000,bytes=4KiB");
    CountDownLatch first = new CountDownLatch(1);
    List<Flow.Subscription> subscribed = new ArrayList<>();
    try (LlmClient client = bed.client(version).build()) {
      client.chat().publish(request).subscribe(new OneOnly(subscribed, first));
      assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
      Patience.settled(() -> bed.books().bytesOut(), Duration.ofMillis(300));
      assertThat(bed.books().bytesOut() - before).isLessThan(30L << 20);
      assertThat(bed.books().openStreams()).isEqualTo(1);
      subscribed.getFirst().cancel();
      bed.assertAtRest();
    }
  }

  /// Asks for one event and no more.
  private record OneOnly(List<Flow.Subscription> subscribed, CountDownLatch first)
      implements Flow.Subscriber<ChatEvent> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscribed.add(subscription);
      subscription.request(1);
    }

    @Override
    public void onNext(ChatEvent event) {
      assertThat(first.getCount()).as("asked for one").isEqualTo(1);
      first.countDown();
    }

    @Override
    public void onError(Throwable cause) {
      first.countDown();
    }

    @Override
    public void onComplete() {
      first.countDown();
    }
  }

  @Test
  void aStreamThatIsReadSlowlyIsWholeAllTheSame() {
    ChatRequest request = ask("openai/sim-events=3000,bytes=1KiB");
    int count = 0;
    try (LlmClient client = bed.client(HttpVersion.AUTO).build();
        ChatStream stream = client.chat().stream(request)) {
      for (ChatEvent event : stream) {
        count += event instanceof ChatEvent.Text ? 1 : 0;
        if (count % 500 == 0) {
          Thread.onSpinWait();
        }
      }
    }
    assertThat(count).isEqualTo(3000);
  }

  @Test
  void theDeadlineEndsACallAndIsCarriedToTheProvider() throws InterruptedException {
    try (LlmClient client = bed.client(HttpVersion.AUTO).deadline(Duration.ofMillis(400)).build()) {
      long begun = System.nanoTime();
      assertThatThrownBy(() -> client.chat().create(ask("openai/sim-silent")))
          .isInstanceOfAny(LlmException.TimedOut.class, LlmException.ProviderFailed.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
      bed.assertAtRest();
      String echo = client.chat().create(ask("openai/sim-echo")).text();
      assertThat(echo).containsPattern("header x-llmproxy-timeout-ms: [1-4]?\\d?\\d\n");
      assertThat(echo).containsPattern("header idempotency-key: c[0-9a-f]+-[0-9a-f]+-0\n");
    }
  }

  @Test
  void aClientThatIsClosedEndsItsCalls() {
    LlmClient client = bed.client(HttpVersion.AUTO).build();
    CompletableFuture<ChatAnswer> future = client.chat().createAsync(ask("openai/sim-ttft=30s"));
    client.close();
    assertThatThrownBy(future::join).hasCauseInstanceOf(LlmException.Cancelled.class);
    assertThatThrownBy(client::models).isInstanceOf(LlmException.Cancelled.class);
    assertThatThrownBy(() -> LlmClient.builder().build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Endpoint.of("127.0.0.1:1"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Endpoint.of("http://a").withKey("k\r\nx: y"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void connectionsThatSayGoAwayLoseNothing() throws Exception {
    Connections shortLived = new Connections(10, Duration.ofMillis(50));
    try (Simulators simulators =
            Simulators.start(SimulatorSettings.DEFAULT.withHttp2(shortLived).withAttempts());
        LlmClient client =
            LlmClient.builder()
                .endpoint(simulators.baseUrl(SimulatedProvider.OPENAI).toString())
                .apiKey("k")
                .build()) {
      List<CompletableFuture<ChatAnswer>> answers = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        answers.add(client.chat().createAsync(ask("sim-words,events=12,rate=400")));
      }
      for (CompletableFuture<ChatAnswer> answer : answers) {
        assertThat(answer.join().text()).startsWith("This answer is simulated.");
      }
      // A close with requests unread resets the connection, and with it a reply's last bytes.
      assertThat(simulators.books().requests()).isBetween(300L, 330L);
      assertThat(simulators.books().acceptedConnections()).isGreaterThan(4);
    }
  }

  @Test
  @Tag("long")
  void aConnectionThatFallsSilentIsGivenUp() {
    String openAi = bed.simulators().baseUrl(SimulatedProvider.OPENAI).toString();
    ChatRequest request = ask("sim-words,events=12,halfopen=4,times=1");
    try (LlmClient client =
            LlmClient.builder().endpoint(openAi).apiKey("k").resume(Resume.AGREED_PREFIX).build();
        ChatStream stream = client.chat().stream(request)) {
      long begun = System.nanoTime();
      assertThat(stream.text()).startsWith("This answer is simulated.");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }
  }
}
