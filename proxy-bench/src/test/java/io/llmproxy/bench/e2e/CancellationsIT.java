package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Many callers leave, one after the other; those who stay notice nothing.
final class CancellationsIT {

  private static final int LEAVERS = 150;

  @Test
  void thoseWhoShareTheConnectionWithManyThatLeaveAreAnsweredWhole() throws Exception {
    try (ProxyBed bed = ProxyBed.of(Wire.H2)) {
      try (Http2Caller caller = new Http2Caller(bed.address())) {
        List<Http2Caller.Stream> staying = new ArrayList<>();
        for (int i = 0; i < LEAVERS; i++) {
          if (i % 30 == 0) {
            staying.add(caller.open(Ask.of("openai/sim-events=60,rate=20", true), true));
          }
          // Enough is on its way to each that frames arrive after it has left.
          Http2Caller.Stream leaving =
              caller.open(Ask.of("openai/sim-events=4000,rate=2000,bytes=500", true), true);
          leaving.open();
          leaving.reset();
        }
        for (Http2Caller.Stream stream : staying) {
          Answer answer = stream.open().answer();
          assertThat(answer.ending()).as(answer.text()).isEqualTo(Ending.WHOLE);
          assertThat(answer.text()).endsWith("data: [DONE]\n\n");
        }
      }
      bed.assertAtRest();
    }
  }
}
