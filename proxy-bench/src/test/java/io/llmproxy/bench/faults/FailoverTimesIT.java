package io.llmproxy.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class FailoverTimesIT {

  private static final int REQUESTS = 30;

  @Test
  void everyRequestIsAnsweredByTheSecondTarget() throws Exception {
    try (FailoverTimes times = new FailoverTimes(REQUESTS)) {
      assertThat(times.measure())
          .hasSize(FailoverTimes.Fault.values().length)
          .allSatisfy(figure -> assertThat(figure.answered()).isEqualTo(REQUESTS))
          .allSatisfy(figure -> System.out.println(figure));
    }
  }
}
