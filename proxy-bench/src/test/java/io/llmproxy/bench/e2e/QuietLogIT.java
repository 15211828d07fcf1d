package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What providers' connections come to is told to callers, and is no stack trace in the log.
@Timeout(60)
final class QuietLogIT {

  @Test
  void aProviderThatDropsItsConnectionsLeavesNoTraceInTheLog() throws Exception {
    try (ProxyProcess proxy = new ProxyProcess("", List.of())) {
      for (String model :
          List.of(
              "sim-drop=1", "sim-drop=3", "sim-drop=5,rate=500", "sim-cut=2", "sim-reset=head")) {
        for (int i = 0; i < 5; i++) {
          try (Http1Caller caller = new Http1Caller(proxy.address())) {
            Answer answer = caller.send(Ask.of("openai/" + model, true));
            assertThat(answer.status() == 200 && answer.ending() == Ending.WHOLE).isFalse();
          }
        }
      }
      assertThat(proxy.log()).isEmpty();
    }
  }
}
