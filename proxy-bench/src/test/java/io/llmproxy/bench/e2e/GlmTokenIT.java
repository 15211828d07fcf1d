package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.simulator.SimulatorSettings;
import org.junit.jupiter.api.Test;

/// GLM is shown a token that is signed with the key, never the key.
final class GlmTokenIT {

  private static ProxyBed bed(String accountsKey) throws Exception {
    SimulatorSettings simulators = SimulatorSettings.DEFAULT.withGlmKey(accountsKey);
    return new ProxyBed(new ProxyBed.Plan(simulators, "", "", ""));
  }

  @Test
  void aTokenOfTheRightKeyIsTaken() throws Exception {
    try (ProxyBed bed = bed("key.of-glm")) {
      Answer echo = bed.ask(Wire.H1, Ask.of("glm/sim-echo", false));
      assertThat(echo.status()).as(echo.text()).isEqualTo(200);
      // A header, claims and a signature, of which none is the key.
      assertThat(echo.text()).doesNotContain("of-glm");
      assertThat(echo.header("x-llmproxy-attempts")).isEqualTo("1");
    }
  }

  @Test
  void aTokenOfAnotherKeyIsAnErrorOfTheConfiguration() throws Exception {
    try (ProxyBed bed = bed("key.of-another")) {
      Answer refused = bed.ask(Wire.H2, Ask.of("glm/sim-events=3", true));
      Refusals.assertOpenAi(refused, 502, "upstream_error");
      assertThat(refused.text()).contains("provider glm does not take the key configured for it");
      assertThat(refused.header("x-llmproxy-attempts")).isEqualTo("1");
    }
  }

  @Test
  void anExpiredTokenIsRenewedAndShownOnce() throws Exception {
    try (ProxyBed bed = bed("key.of-glm")) {
      Answer refused = bed.ask(Wire.H1, Ask.of("glm/sim-sample=glm-401-1003-expired", false));
      Refusals.assertOpenAi(refused, 502, "upstream_error");
      assertThat(refused.header("x-llmproxy-attempts")).isEqualTo("2");
      assertThat(bed.books().openStreams()).isZero();
    }
  }
}
