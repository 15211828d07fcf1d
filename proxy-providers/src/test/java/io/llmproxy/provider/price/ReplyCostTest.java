package io.llmproxy.provider.price;

import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.anthropic.MessagesJsonReader;
import io.llmproxy.provider.anthropic.MessagesStreamReader;
import io.llmproxy.provider.openai.ChatJsonReader;
import io.llmproxy.provider.openai.ChatStreamReader;
import io.llmproxy.provider.wire.ReplyReader;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What replies cost by the usage they report, worked out by hand.
final class ReplyCostTest {
  private static final Prices PRICES = Prices.builtIn();
  private static final String OPUS = "anthropic/claude-opus-5-5";

  @EdgeCase(11)
  @Test
  void chargesForWhatIsWrittenToACacheOnce() {
    // 3 at 4, 12,304 at 5, 100 at 20 dollars per million.
    String usage = usage(0, 100);

    assertThat(cost(OPUS, MessagesJsonReader::ofMessage, "{\"content\":[]," + usage + "}"))
        .isEqualTo(12_000 + 61_520_000 + 2_000_000);
  }

  @EdgeCase({11, 12})
  @ParameterizedTest
  @CsvSource({"0, 63532000", "2455, 64023000"})
  void chargesForWhatAStreamReadsFromACacheAtItsOwnRate(int read, long nanoUsd) {
    String stream =
        event("message_start", "\"message\":{\"content\":[]," + usage(read, 1) + "}")
            + event("message_delta", "\"delta\":{},\"usage\":{\"output_tokens\":100}");

    assertThat(cost(OPUS, MessagesStreamReader::new, stream)).isEqualTo(nanoUsd);
  }

  @EdgeCase(13)
  @Test
  void chargesForTheLastOfSeveralCounts() {
    String stream =
        event("message_start", "\"message\":{" + usage(2455, 1) + "}")
            + event("message_delta", "\"delta\":{},\"usage\":{\"output_tokens\":60}")
            + event(
                "message_delta",
                "\"delta\":{},\"usage\":{\"output_tokens\":100,\"input_tokens\":null,"
                    + "\"cache_read_input_tokens\":null}");

    assertThat(cost(OPUS, MessagesStreamReader::new, stream)).isEqualTo(64_023_000);
  }

  @EdgeCase(14)
  @ParameterizedTest
  @CsvSource({
    // 32 at 1.25 and 9 + 94 at 2.50; 250 at 2 and 323, reasoning among them, at 6.
    "grok/grok-3-mini, 32 9 135 94, 297500",
    "grok/grok-4.7, 250 323 573 309, 2438000"
  })
  void chargesForReasoningOnTopOrInsideAsTheTotalSays(String model, String said, long nanoUsd) {
    String body =
        """
        {"choices":[],"usage":{"prompt_tokens":%s,"completion_tokens":%s,"total_tokens":%s,
         "completion_tokens_details":{"reasoning_tokens":%s}}}\
        """
            .formatted((Object[]) said.split(" ", -1));

    assertThat(cost(model, ChatJsonReader::ofChat, body)).isEqualTo(nanoUsd);
  }

  @EdgeCase(23)
  @Test
  void chargesOnceForWhatGroqSaysTwice() {
    String usage = "\"usage\":{\"prompt_tokens\":8,\"completion_tokens\":3,\"total_tokens\":11}";
    String stream =
        "data: {\"choices\":[{\"delta\":{}}],\"x_groq\":{"
            + usage
            + "}}\n\n"
            + "data: {\"choices\":[],"
            + usage
            + "}\n\n";

    // 8 at 0.075 and 3 at 0.30 dollars per million.
    assertThat(cost("groq/openai/gpt-oss-20b", () -> new ChatStreamReader(false), stream))
        .isEqualTo(600 + 900);
  }

  @EdgeCase(55)
  @ParameterizedTest
  @CsvSource({
    // 1 + 50 and 272,000 cached: at 1, 5 and 0.05, and above 272,000 at 2, 7.5 and 0.1.
    "openai/gpt-6.1-terra, 271999, 13650950",
    "openai/gpt-6.1-terra, 272000, 27277000",
    "grok/grok-4.7, 199998, 100061000",
    "grok/grok-4.7, 199999, 200123000"
  })
  void chargesAllOfALongPromptAtTheRateOfLongOnes(String model, int cached, long nanoUsd) {
    String body =
        """
        {"choices":[],"usage":{"prompt_tokens":%d,"completion_tokens":10,"total_tokens":%d,
         "prompt_tokens_details":{"cached_tokens":%d}}}\
        """
            .formatted(cached + 1, cached + 11, cached);

    assertThat(cost(model, ChatJsonReader::ofChat, body)).isEqualTo(nanoUsd);
  }

  private static long cost(String model, Supplier<ReplyReader> readers, String body) {
    int slash = model.indexOf('/');
    return PRICES.nanoUsd(
        model.substring(0, slash),
        model.substring(slash + 1),
        Replay.of(readers, utf8(body)).usage(),
        ServiceTier.STANDARD);
  }

  private static String usage(int read, int output) {
    return """
    "usage":{"input_tokens":3,"cache_creation_input_tokens":12304,\
    "cache_read_input_tokens":%d,"output_tokens":%d}\
    """
        .formatted(read, output);
  }

  private static String event(String type, String members) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
  }
}
