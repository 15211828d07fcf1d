package io.llmproxy.provider.price;

import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.anthropic.MessagesJsonReader;
import io.llmproxy.provider.anthropic.MessagesStreamReader;
import io.llmproxy.provider.openai.ChatJsonReader;
import io.llmproxy.provider.openai.ChatStreamReader;
import io.llmproxy.provider.openai.ResponsesJsonReader;
import io.llmproxy.provider.openai.ResponsesStreamReader;
import io.llmproxy.provider.price.ReportedCost.Agreement;
import io.llmproxy.provider.translate.ChatToMessagesStream;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What replies cost by the usage they report, worked out by hand.
final class ReplyCostTest {
  private static final Prices PRICES = Prices.builtIn();
  private static final String OPUS = "anthropic/claude-opus-5-5";
  private static final String TERRA = "openai/gpt-6.1-terra";

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
    assertThat(cost("groq/openai/gpt-oss-20b", ReplyCostTest::chatStream, stream))
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

  @ParameterizedTest
  @CsvSource({
    "default, 3000000",
    "on_demand, 3000000",
    "auto, 3000000",
    "priority, 6000000",
    "fast, 6000000",
    "flex, 1500000",
    "batch, 1500000"
  })
  void chargesForTheTierThatTheReplyNames(String tier, long nanoUsd) {
    String rest =
        "\"service_tier\":\"%s\",\"usage\":{\"prompt_tokens\":500,\"completion_tokens\":500}}"
            .formatted(tier);
    String responses = rest.replace("prompt", "input").replace("completion", "output");

    assertThat(cost(TERRA, ChatJsonReader::ofChat, "{\"choices\":[]," + rest)).isEqualTo(nanoUsd);
    assertThat(cost(TERRA, ReplyCostTest::chatStream, "data: {\"choices\":[]," + rest + "\n\n"))
        .isEqualTo(nanoUsd);
    assertThat(cost(TERRA, ReplyCostTest::chatToMessages, "data: {\"choices\":[]," + rest + "\n\n"))
        .isEqualTo(nanoUsd);
    assertThat(cost(TERRA, ResponsesJsonReader::new, "{\"output\":[]," + responses))
        .isEqualTo(nanoUsd);
    String completed = event("response.completed", "\"response\":{" + responses);
    assertThat(cost(TERRA, ResponsesStreamReader::new, completed)).isEqualTo(nanoUsd);
  }

  @Test
  void knowsNoPriceOfAnthropicsPriorityTier() {
    String body =
        "{\"content\":[],\"usage\":{\"input_tokens\":5,\"output_tokens\":5,\"service_tier\":\"%s\"}}";

    assertThat(cost(OPUS, MessagesJsonReader::ofMessage, body.formatted("priority")))
        .isEqualTo(Rates.UNKNOWN);
    assertThat(cost(OPUS, MessagesJsonReader::ofMessage, body.formatted("standard")))
        .isEqualTo(120_000);
  }

  @Test
  void agreesWithWhatXaiSaysItBills() {
    byte[] said = Replay.sample("xai-chat-response.json");
    Usage usage = Replay.of(ChatJsonReader::ofChat, said).usage();
    Billing billing = Replay.billing(ChatJsonReader::ofChat, said);
    long computed = PRICES.nanoUsd("grok", "grok-4.7", usage, billing.tier());

    assertThat(ReportedCost.ofTicks(billing.costTicks(), computed))
        .isEqualTo(new ReportedCost(673_000, Agreement.AGREES));
  }

  @Test
  void takesTheCostSaidLast() {
    String chunk = "data: {\"choices\":[],\"usage\":{\"completion_tokens\":1%s}}\n\n";
    String stream =
        chunk.formatted(",\"cost_in_usd_ticks\":10")
            + chunk.formatted(",\"cost_in_usd_ticks\":70")
            + chunk.formatted(",\"cost_in_usd_ticks\":null");

    assertThat(Replay.billing(ReplyCostTest::chatStream, utf8(stream)).costTicks()).isEqualTo(70);
    assertThat(Replay.billing(ReplyCostTest::chatToMessages, utf8(stream)).costTicks())
        .isEqualTo(70);
  }

  private static ReplyReader chatStream() {
    return new ChatStreamReader(false);
  }

  private static ReplyReader chatToMessages() {
    return new ChatToMessagesStream(UnpooledByteBufAllocator.DEFAULT, "m", "r", 0);
  }

  private static long cost(String model, Supplier<ReplyReader> readers, String body) {
    int slash = model.indexOf('/');
    return PRICES.nanoUsd(
        model.substring(0, slash),
        model.substring(slash + 1),
        Replay.of(readers, utf8(body)).usage(),
        Replay.billing(readers, utf8(body)).tier());
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
