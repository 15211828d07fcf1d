package io.llmproxy.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.bench.simulator.Books.Attempt;
import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.client.ChatAnswer;
import io.llmproxy.client.ChatRequest;
import io.llmproxy.client.ChatStream;
import io.llmproxy.client.Endpoint;
import io.llmproxy.client.HttpVersion;
import io.llmproxy.client.LlmClient;
import io.llmproxy.client.LlmException;
import io.llmproxy.client.LlmException.Fault;
import io.llmproxy.client.Resume;
import io.llmproxy.client.RetryPolicy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Client and proxy both retry, and together make no more attempts than the call's budget; waits
/// that are named are kept; each failure says whose fault it is.
@Timeout(60)
final class ClientRetriesIT {

  private static final AtomicInteger PROMPTS = new AtomicInteger();

  private static final RetryPolicy QUICK =
      RetryPolicy.DEFAULT.withDelays(Duration.ofMillis(5), Duration.ofMillis(400));

  private static String prompt() {
    return "prompt " + PROMPTS.incrementAndGet();
  }

  private static ChatRequest ask(String model, String prompt) {
    return ChatRequest.builder().model(model).maxTokens(64).user(prompt).build();
  }

  private static String routes(int proxyAttempts, String fault) {
    return """
      retry: {max_attempts: %d, base_delay: 1ms, max_delay: 400ms, budget_percent: 100}
      routes:
        - model: "one"
          targets: ["openai/sim-words,events=12,%s"]
        - model: "three"
          targets: ["openai/sim-words,events=12,%s", "groq/sim-words,events=12,%s", "grok/sim-words,events=12,%s"]
          resume: agreed_prefix
    """
        .formatted(proxyAttempts, fault, fault, fault, fault);
  }

  /// Every attempt fails: nobody stops before it must, and all of it is counted by the providers.
  @ParameterizedTest
  @ValueSource(strings = {"status=503", "reset=head", "cut=3"})
  void togetherTheyMakeNoMoreAttemptsThanTheBudget(String fault) throws Exception {
    for (int proxyAttempts : List.of(1, 4)) {
      try (ClientBed bed = new ClientBed(routes(proxyAttempts, fault))) {
        for (int budget : List.of(1, 2, 4, 8)) {
          for (String model : List.of("one", "three")) {
            assertKept(bed, budget, model, Resume.OFF);
            assertKept(bed, budget, model, Resume.AGREED_PREFIX);
          }
        }
      }
    }
  }

  private static void assertKept(ClientBed bed, int budget, String model, Resume resume) {
    String prompt = prompt();
    try (LlmClient client =
        bed.client(HttpVersion.AUTO).retry(QUICK.withAttempts(budget)).resume(resume).build()) {
      LlmException failure = failureOf(client, ask(model, prompt));
      int made = bed.books().attempts(prompt).size();
      String which = model + " with a budget of " + budget + ", " + resume;
      assertThat(made).as(which).isBetween(1, budget);
      assertThat(failure.providerAttempts()).as("told: " + which).isBetween(made, budget);
    }
  }

  private static LlmException failureOf(LlmClient client, ChatRequest request) {
    try (ChatStream stream = client.chat().stream(request)) {
      throw new AssertionError("no failure, but the text " + stream.text());
    } catch (LlmException e) {
      return e;
    }
  }

  @Test
  void aCallSucceedsWhereTheProxyAloneGaveUp() throws Exception {
    try (ClientBed bed = new ClientBed(routes(1, "status=503,times=2"));
        LlmClient client = bed.client(HttpVersion.AUTO).retry(QUICK).build()) {
      String prompt = prompt();
      ChatAnswer answer = client.chat().create(ask("one", prompt));
      assertThat(answer.text()).startsWith("This answer is simulated.");
      assertThat(answer.info().tries()).isEqualTo(3);
      assertThat(bed.books().attempts(prompt)).hasSize(3);
    }
  }

  @Test
  void theWaitThatAProviderNamesIsKept() throws Exception {
    String fault = "status=429,retry_after_ms=300,times=1";
    try (ClientBed bed = new ClientBed("");
        LlmClient direct =
            LlmClient.builder()
                .endpoint(bed.simulators().baseUrl(SimulatedProvider.OPENAI).toString())
                .apiKey("k")
                .retry(QUICK)
                .build()) {
      String prompt = prompt();
      direct.chat().create(ask("sim-words," + fault, prompt));
      List<Attempt> made = bed.books().attempts(prompt);
      assertThat(made).hasSize(2);
      assertThat(made.getLast().nanoTime() - made.getFirst().nanoTime())
          .isGreaterThanOrEqualTo(Duration.ofMillis(295).toNanos());
    }
  }

  @Test
  void oneWhoIsToldNotToRetryDoesNot() throws Exception {
    try (ClientBed bed = new ClientBed("");
        LlmClient direct =
            LlmClient.builder()
                .endpoint(bed.simulators().baseUrl(SimulatedProvider.OPENAI).toString())
                .apiKey("k")
                .retry(QUICK)
                .build()) {
      String prompt = prompt();
      assertThatThrownBy(
              () -> direct.chat().create(ask("sim-status=503,should_retry=false", prompt)))
          .isInstanceOf(LlmException.ProviderFailed.class);
      assertThat(bed.books().attempts(prompt)).hasSize(1);
    }
  }

  @Test
  void aModelStandsInForAnother() throws Exception {
    try (ClientBed bed = new ClientBed("  retry: {max_attempts: 1}\n");
        LlmClient client = bed.client(HttpVersion.AUTO).retry(QUICK).build()) {
      ChatRequest request =
          ChatRequest.builder()
              .model("openai/sim-status=503")
              .fallbackModel("groq/sim-words,events=12")
              .user(prompt())
              .build();
      assertThat(client.chat().create(request).info().provider()).isEqualTo("groq");
    }
  }

  @Test
  void aProviderStandsInForAnotherWithoutAProxy() throws Exception {
    try (ClientBed bed = new ClientBed("")) {
      String first = bed.simulators().baseUrl(SimulatedProvider.OPENAI).toString();
      String second = bed.simulators().baseUrl(SimulatedProvider.GROQ).toString();
      try (LlmClient client =
          LlmClient.builder()
              .endpoint(Endpoint.of(first).withKey("k").withModel("sim-status=503"))
              .endpoint(Endpoint.of(second).withKey("k").withModel("sim-words,events=12"))
              .retry(QUICK)
              .build()) {
        ChatAnswer answer = client.chat().create(ask("any", prompt()));
        assertThat(answer.text()).startsWith("This answer is simulated.");
        assertThat(answer.info().tries()).isEqualTo(2);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "openai/sim-status=400, BadRequest, CALLER",
    "no-such-model, BadRequest, CALLER",
    "openai/sim-context_length, BadRequest, CALLER",
    "openai/sim-status=429, LimitReached, CALLER",
    "openai/sim-quota, LimitReached, CALLER",
    "openai/sim-status=503, ProviderFailed, PROVIDER",
    "openai/sim-html, ProviderFailed, PROVIDER",
    "'openai/sim-events=9,cut=4', StreamCut, PROVIDER",
    "'openai/sim-events=9,error_event=4', StreamCut, PROVIDER",
  })
  void eachFailureSaysWhoseFaultItIs(String model, String type, Fault fault) throws Exception {
    try (ClientBed bed = new ClientBed("");
        LlmClient client = bed.client(HttpVersion.AUTO).retry(QUICK.withAttempts(2)).build();
        ChatStream stream = client.chat().stream(ask(model, prompt()))) {
      assertThatThrownBy(stream::text)
          .isInstanceOfSatisfying(
              LlmException.class,
              e -> {
                assertThat(e.getClass().getSimpleName()).as(e.toString()).isEqualTo(type);
                assertThat(e.fault()).isEqualTo(fault);
                assertThat(e.advice()).isNotEmpty();
                assertThat(e.getMessage()).isNotEmpty();
                assertThat(e.requestId()).isNotEmpty();
              });
    }
  }

  @Test
  void aKeyThatIsWrongAndAnEndpointThatIsNotThereAreTold() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    try (ClientBed bed = new ClientBed("");
        LlmClient wrong =
            LlmClient.builder()
                .endpoint(bed.simulators().baseUrl(SimulatedProvider.OPENAI).toString())
                .apiKey("wrong")
                .build();
        LlmClient nowhere =
            LlmClient.builder()
                .endpoint("http://127.0.0.1:" + free)
                .retry(RetryPolicy.DEFAULT.withPatience(Duration.ofMillis(300)))
                .build()) {
      assertThatThrownBy(() -> wrong.chat().create(ask("sim-badkey=wrong", prompt())))
          .isInstanceOf(LlmException.NotAllowed.class);
      assertThatThrownBy(nowhere::models).isInstanceOf(LlmException.NetworkFailed.class);
    }
  }

  @Test
  void aStreamThatBreaksGoesOnWhereItsAnswerAgrees() throws Exception {
    try (ClientBed bed = new ClientBed("  retry: {max_attempts: 1}\n");
        LlmClient client =
            bed.client(HttpVersion.AUTO).retry(QUICK).resume(Resume.AGREED_PREFIX).build()) {
      String prompt = prompt();
      String wanted = client.chat().create(ask("openai/sim-words,events=12", prompt())).text();
      ChatRequest request =
          ChatRequest.builder()
              .model("openai/sim-words,events=12,cut=5,times=1")
              .user(prompt)
              .build();
      try (ChatStream stream = client.chat().stream(request)) {
        assertThat(stream.text()).isEqualTo(wanted);
      }
      assertThat(bed.books().attempts(prompt)).hasSize(2);
    }
  }

  @Test
  void noCallFailsWhileAProxyDrains() throws Exception {
    try (ClientBed first = new ClientBed("");
        ClientBed second = new ClientBed("");
        LlmClient client =
            LlmClient.builder().endpoint(first.url()).endpoint(second.url()).build()) {
      List<CompletableFuture<ChatAnswer>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        answers.add(
            client.chat().createAsync(ask("openai/sim-words,events=12,rate=100", prompt())));
        if (i == 50) {
          answers.getFirst().join();
          Thread.startVirtualThread(() -> first.proxy().drain(Duration.ofSeconds(5)));
        }
      }
      for (CompletableFuture<ChatAnswer> answer : answers) {
        assertThat(answer.join().text()).startsWith("This answer is simulated.");
      }
      assertThat(client.chat().create(ask("openai/sim-words,events=12", prompt())).text())
          .startsWith("This answer is simulated.");
      long asked = first.books().requests() + second.books().requests();
      assertThat(asked).as("nothing was asked twice").isEqualTo(201);
      assertThat(second.books().requests()).as("the other took over").isPositive();
    }
  }
}
