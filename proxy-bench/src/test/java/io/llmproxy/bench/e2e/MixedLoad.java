package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Requests of every kind, many of them abandoned or broken, by many callers over both protocols.
final class MixedLoad {

  private static final String[] PROVIDERS = {"openai", "glm", "groq", "grok", "anthropic"};
  private static final String[] SCRIPTS = {
    "gpt-6",
    "sim-events=30,bytes=40",
    "sim-events=200,bytes=300",
    "sim-events=12,rate=2000",
    "sim-head=3ms",
    "sim-events=5,think=3,ttft=4ms",
    "sim-status=429,retry_after=1",
    "sim-status=500",
    "sim-html",
    "sim-events=20,cut=7",
    "sim-events=20,drop=5",
    "sim-events=20,close=6",
    "sim-events=20,close=1000b",
    "sim-events=20,end=4",
    "sim-events=20,error_event=3",
    "sim-events=9,goaway=2",
    "sim-reset=head",
    "sim-events=2,dribble"
  };

  private static final String CLOSES_CONNECTION = "(?s).*\"model\":\"[^\"]*(drop|close)=.*";

  private final int callers;

  /// Names of routes that are asked for, too.
  private final List<String> routes;

  /// What was answered otherwise than it may be.
  final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

  final AtomicInteger whole = new AtomicInteger();
  final AtomicInteger left = new AtomicInteger();
  final AtomicInteger broken = new AtomicInteger();

  /// @param callers at once
  MixedLoad(int callers) {
    this(callers, List.of());
  }

  /// @param routes names that the beds know besides their providers' models; their answers are
  ///   whole
  MixedLoad(int callers, List<String> routes) {
    this.callers = callers;
    this.routes = routes;
  }

  /// Sends `requests` in all.
  void run(List<ProxyBed> beds, long seed, int requests) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        ProxyBed bed = beds.get(i % beds.size());
        boolean http2 = i / beds.size() % 2 == 0;
        RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 31 + i);
        running.add(threads.submit(() -> call(bed, http2, random, requests / callers)));
      }
      for (Future<?> caller : running) {
        caller.get();
      }
    }
  }

  private Void call(ProxyBed bed, boolean http2, RandomGenerator random, int requests)
      throws Exception {
    int done = 0;
    while (done < requests) {
      int onThisConnection = Math.min(requests - done, 1 + random.nextInt(60));
      done +=
          http2
              ? callHttp2(bed, random, onThisConnection)
              : callHttp1(bed, random, onThisConnection);
    }
    return null;
  }

  /// Gives how many requests were sent before the connection ended.
  private int callHttp1(ProxyBed bed, RandomGenerator random, int requests) throws IOException {
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      for (int i = 1; i <= requests; i++) {
        Ask ask = ask(bed, random);
        if (random.nextInt(8) == 0) {
          leave(caller, ask, random);
          return i;
        }
        Answer answer = caller.send(ask);
        note(ask, answer);
        if (answer.ending() != Ending.WHOLE || answer.header("connection").equals("close")) {
          return i;
        }
      }
    }
    return requests;
  }

  private void leave(Http1Caller caller, Ask ask, RandomGenerator random) throws IOException {
    left.incrementAndGet();
    byte[] head = Http1Caller.head(ask).getBytes(ISO_8859_1);
    switch (random.nextInt(5)) {
      case 0 -> caller.write(Arrays.copyOf(head, random.nextInt(head.length)));
      case 1 -> {
        caller.write(head);
        if (ask.announced()) {
          caller.write(Arrays.copyOf(ask.body(), random.nextInt(1 + ask.body().length)));
        }
      }
      case 2 -> caller.write(ask);
      default -> {
        caller.write(ask);
        caller.readHead();
        caller.in().readNBytes(Math.min(caller.in().available(), random.nextInt(2000)));
      }
    }
    if (random.nextBoolean()) {
      caller.reset();
    }
  }

  private int callHttp2(ProxyBed bed, RandomGenerator random, int requests) throws Exception {
    try (Http2Caller caller = new Http2Caller(bed.address())) {
      List<Ask> asks = new ArrayList<>();
      List<Http2Caller.Stream> streams = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        Ask ask = ask(bed, random);
        boolean leaves = random.nextInt(8) == 0;
        Http2Caller.Stream stream = caller.open(ask, !leaves || random.nextInt(4) > 0);
        if (leaves) {
          left.incrementAndGet();
          Thread.sleep(random.nextInt(6));
          stream.reset();
        } else {
          asks.add(ask);
          streams.add(stream);
        }
        if (streams.size() >= 6 || i == requests - 1) {
          boolean drops = random.nextInt(40) == 0;
          for (int s = 0; s < streams.size() && !drops; s++) {
            note(asks.get(s), streams.get(s).open().answer());
          }
          if (drops) {
            left.addAndGet(streams.size());
            return i + 1;
          }
          asks.clear();
          streams.clear();
        }
      }
    }
    return requests;
  }

  /// Checks what can be said of any answer to `ask`.
  private void note(Ask ask, Answer answer) {
    String text = answer.text();
    boolean stream = answer.header("content-type").startsWith("text/event-stream");
    boolean ended = text.endsWith("data: [DONE]\n\n") || text.contains("event: message_stop");
    boolean faulty =
        new String(ask.body(), UTF_8)
            .matches("(?s).*\"model\":\"[^\"]*(cut|drop|close|end|error_event)=.*");
    if (answer.ending() == Ending.WHOLE) {
      whole.incrementAndGet();
      boolean right = stream ? ended : text.startsWith("{") && text.endsWith("}");
      if (!right) {
        wrong.add(ask.path() + ": whole, yet " + answer);
      }
    } else {
      broken.incrementAndGet();
      if (!faulty || ended) {
        wrong.add(ask.path() + ": broken: " + answer + text);
      }
    }
  }

  /// Over one shared connection a provider that closes it breaks the replies of others too,
  /// rightly: there such scripts are left out, so that every other break is known to be wrong.
  private Ask ask(ProxyBed bed, RandomGenerator random) {
    if (!routes.isEmpty() && random.nextInt(4) == 0) {
      return Ask.of(routes.get(random.nextInt(routes.size())), random.nextInt(3) > 0);
    }
    Ask ask = random(random);
    while (bed.sharesConnections() && new String(ask.body(), UTF_8).matches(CLOSES_CONNECTION)) {
      ask = random(random);
    }
    return ask;
  }

  private static Ask random(RandomGenerator random) {
    String provider = PROVIDERS[random.nextInt(PROVIDERS.length)];
    boolean anthropic = provider.equals("anthropic");
    int kind = random.nextInt(20);
    String script =
        random.nextInt(3) > 0
            ? SCRIPTS[random.nextInt(6)]
            : SCRIPTS[random.nextInt(SCRIPTS.length)];
    String model = provider + "/" + script;
    int bytes = random.nextInt(50) == 0 ? random.nextInt(1 << 20) : 1 << random.nextInt(4, 15);
    String more = ",\"user\":\"" + "u".repeat(bytes) + "\"";
    String path = anthropic ? Ask.MESSAGES : Ask.CHAT;
    String chat = Ask.body(model, random.nextInt(3) > 0, more);
    Ask ask =
        switch (kind) {
          case 0 -> Ask.post("/v1/embeddings", Ask.body("openai/text-embedding-3", false, more));
          case 1 ->
              Ask.post("/v1/messages/count_tokens", Ask.body("anthropic/claude", false, more));
          case 2 -> Ask.post(path, Ask.body("nobody/none", false, more));
          case 3 -> Ask.post(path, "{\"model\":" + more);
          default -> Ask.post(path, chat);
        };
    return random.nextInt(4) == 0 ? ask.unannounced() : ask;
  }
}
