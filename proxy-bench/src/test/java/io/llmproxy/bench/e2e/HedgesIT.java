package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.e2e.RawProvider.Talk;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A target that is slow is joined by a second, where the route lets it; the first content wins.
@Timeout(60)
final class HedgesIT {

  private final RawProvider first = RoutesIT.provider();
  private final RawProvider second = RoutesIT.provider();
  private final AtomicBoolean closed = new AtomicBoolean();
  private ProxyBed bed;

  @BeforeEach
  void start() throws IOException {
    second.script(answering());
    bed =
        new ProxyBed(
            ProxyBed.Plan.of(Wire.H1)
                .withOthers(
                    RoutesIT.yaml("first", first, "[key-a]")
                        + RoutesIT.yaml("second", second, "[key-b]"))
                .withRoot(
                    """
                      routes:
                        - model: hedged
                          targets: [first/m, second/m]
                          hedge: {after: 100ms, max_extra: 50}
                        - model: unhedged
                          targets: [first/m, second/m]
                          hedge: {after: 50ms, max_extra: 0}
                    """));
  }

  @AfterEach
  void stop() throws Exception {
    bed.assertAtRest();
    bed.close();
    first.close();
    second.close();
  }

  private static Talk answering() {
    return (line, _) -> {
      line.readRequest();
      line.write(RoutesIT.WHOLE);
    };
  }

  private Answer ask(String model) throws Exception {
    return bed.ask(Wire.H1, Ask.of(model, true));
  }

  @Test
  void aSlowFirstIsJoinedByASecondAndTheLoserReset() throws Exception {
    first.script((line, _) -> {
      line.readRequest();
      line.readRequest();
      closed.set(true);
    });
    Answer answer = ask("hedged");
    RoutesIT.assertWhole(answer);
    assertThat(answer.header("x-llmproxy-provider")).isEqualTo("second");
    Patience.until("the loser is told", closed::get);
  }

  @Test
  void aSecondThatMayNotJoinIsThereWhenTheFirstFails() throws Exception {
    first.script((line, _) -> {
      line.readRequest();
      Thread.sleep(300);
      line.write(RoutesIT.refusal(500, "", "\"message\":\"no\""));
    });
    RoutesIT.assertWhole(ask("unhedged"));
    assertThat(first.requests()).isEqualTo(1);
  }

  @Test
  void aFirstThatIsQuickEnoughIsNotJoined() throws Exception {
    first.script(answering());
    for (int i = 0; i < 10; i++) {
      RoutesIT.assertWhole(ask("hedged"));
    }
    assertThat(second.requests()).isZero();
  }
}
