package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Where a provider is set to `on_disconnect: drain`, the reply to a caller that has left is read
/// to its end, so that its count is the provider's own.
@Timeout(60)
final class DrainsIT {

  private static final AtomicInteger COUNT = new AtomicInteger();

  private static ProxyBed bed;

  @BeforeAll
  static void start() throws IOException {
    ProxyBed.Plan plan = ProxyBed.Plan.of(Wire.H2);
    bed =
        new ProxyBed(
            new ProxyBed.Plan(
                plan.simulators(),
                plan.providers() + "      on_disconnect: drain\n",
                plan.others(),
                plan.root()));
  }

  @AfterAll
  static void stop() {
    bed.close();
  }

  @AfterEach
  void atRest() throws InterruptedException {
    bed.assertAtRest();
  }

  /// When the caller leaves.
  enum Moment {
    BEFORE_CONTENT("sim-ttft=400ms,events=50,rate=200", 0),
    MID_STREAM("sim-events=60,rate=200", 10);

    private final String script;
    private final int events;

    Moment(String script, int events) {
      this.script = script;
      this.events = events;
    }
  }

  @ParameterizedTest
  @EnumSource(Moment.class)
  void theProvidersCountIsKept(Moment moment) throws Exception {
    String model = moment.script + ",id=" + COUNT.incrementAndGet();
    long before = outputTokens();
    Http1Caller caller = new Http1Caller(bed.address());
    caller.write(Ask.of("openai/" + model, true));
    Patience.until("it is asked", () -> bed.books().openStreams() == 1);
    if (moment.events > 0) {
      caller.readHead();
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      while (body.toString(UTF_8).split("data: ", -1).length < moment.events) {
        caller.readChunk(body);
      }
    }
    caller.close();
    Patience.until("it is over", () -> bed.proxy().exchanges() == 0);
    assertThat(bed.cancellations(model)).isEmpty();
    int events = moment == Moment.MID_STREAM ? 60 : 50;
    assertThat(outputTokens() - before).isEqualTo(events);
  }

  private static long outputTokens() throws Exception {
    Answer answer = bed.ask(Wire.H1, Ask.get("/metrics").with("accept", "application/json"));
    Object tokens = Json.at(Json.object(answer.text()), "usage", "totals", "tokens", "output");
    return tokens instanceof Number number ? number.longValue() : 0;
  }
}
