package io.llmproxy.provider.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolIdsTest {

  @EdgeCase(33)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "functions.get:0",
        "",
        "_",
        "a_b.c__",
        "llmproxy_",
        "llmproxy_a_2e_b",
        "\u00e9\uD83D\uDE00\u0000",
        "call 1"
      })
  void readsBackWhatItWrites(String id) {
    assertThat(ToolIds.plain(id)).matches("[a-zA-Z0-9_-]+");
    assertThat(ToolIds.original(ToolIds.plain(id))).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"toolu_01T1x1fJ34qAmk2tNTrN7Up6", "call-1", "_", "llm"})
  void leavesIdsThatAreAllowed(String id) {
    assertThat(ToolIds.plain(id)).isEqualTo(id);
    assertThat(ToolIds.original(id)).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llmproxy_a_", "llmproxy__zz_", "llmproxy_a_12345_", "llmproxy_a_2e"})
  void leavesWhatItNeverWrote(String id) {
    assertThat(ToolIds.original(id)).isEqualTo(id);
  }

  @Test
  void keepsDifferentIdsApart() {
    assertThat(ToolIds.plain("a.b")).isNotEqualTo(ToolIds.plain("a:b"));
  }
}
