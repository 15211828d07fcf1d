package io.llmproxy.provider.usage;

import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.openai.ChatStreamReader;
import io.llmproxy.provider.wire.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatUsageTest {

  @EdgeCase(14)
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # prompt, cached, written, audio, completion, reasoning, audio, total | in cached w30m audio | out reasoning audio
          # xAI counts reasoning on top; through a reseller inside.
          32 0 0 0 9 94 0 135          | 32 0 0 0     | 9 94 0
          250 0 0 0 323 309 0 573      | 250 0 0 0    | 14 309 0
          # GLM's total was wrong once.
          13414 0 0 0 135 51 0 135     | 13414 0 0 0  | 84 51 0
          # Written to and read from a cache.
          12307 0 12304 0 5 0 0 12312  | 3 0 12304 0  | 5 0 0
          2048 1536 384 0 57 32 0 2105 | 128 1536 384 0 | 25 32 0
          # More cached than prompted: the prompt is what was not cached.
          10 64 0 0 5 0 0 15           | 10 64 0 0    | 5 0 0
          # Nothing goes below zero.
          10 8 8 0 5 0 0 15            | 0 8 8 0      | 5 0 0
          10 0 0 20 5 9 0 15           | 0 0 0 20     | 0 5 0
          10 0 0 0 5 3 9 15            | 10 0 0 0     | 0 3 2
          100 0 0 40 60 0 50 160       | 60 0 0 40    | 10 0 50
          """)
  void countsEachTokenOnce(String said, String in, String out) {
    String[] n = said.split(" ", -1);
    String json =
        """
        {"prompt_tokens":%s,"completion_tokens":%s,"total_tokens":%s,
         "prompt_tokens_details":{"cached_tokens":%s,"cache_write_tokens":%s,"audio_tokens":%s},
         "completion_tokens_details":{"reasoning_tokens":%s,"audio_tokens":%s}}\
        """
            .formatted(n[0], n[4], n[7], n[1], n[2], n[3], n[5], n[6]);

    Usage usage = read(json);

    assertThat(
            "%d %d %d %d"
                .formatted(
                    usage.input(), usage.cachedInput(), usage.cacheWrite30m(), usage.inputAudio()))
        .isEqualTo(in);
    assertThat("%d %d %d".formatted(usage.output(), usage.reasoning(), usage.outputAudio()))
        .isEqualTo(out);
    assertThat(usage.reportedTotal()).isEqualTo(Long.parseLong(n[7]));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          5                      | 5
          5.0                    | 5
          -5                     | 0
          99999999999999999999999| 9007199254740992
          1e3                    | 0
          "5"                    | 0
          [5]                    | 0
          null                   | 0
          true                   | 0
          """)
  void readsCountsAndNothingElse(String written, long count) {
    Usage usage = read("{\"completion_tokens\":1,\"prompt_tokens\":" + written + "}");

    assertThat(usage.input()).isEqualTo(count);
  }

  @EdgeCase(23)
  @Test
  void countsGroqsUsageOnceWhereItIsSaidTwice() {
    String counts = "{\"prompt_tokens\":78,\"completion_tokens\":96}";
    String stream =
        "data: {\"choices\":[{\"delta\":{}}],\"x_groq\":{\"usage\":%s}}\n\n".formatted(counts)
            + "data: {\"choices\":[],\"usage\":%s}\n\n".formatted(counts);

    assertThat(Replay.of(() -> new ChatStreamReader(false), utf8(stream)).usage())
        .isEqualTo(new Usage(78, 0, 0, 0, 0, 0, 0, 96, 0, 0, 0));
  }

  @Test
  void prefersUsageToGroqsInTheSameChunk() {
    String stream =
        """
        data: {"usage":{"prompt_tokens":1},"x_groq":{"usage":{"prompt_tokens":2}}}

        data: {"x_groq":{"usage":{"dram_cached_tokens":0}}}

        """;

    assertThat(Replay.of(() -> new ChatStreamReader(false), utf8(stream)).usage().input())
        .isEqualTo(1);
  }

  @Test
  void takesTheUsageSaidLast() {
    String stream =
        """
        data: {"choices":[{"delta":{"content":"a"}}],"usage":{"completion_tokens":1}}

        data: {"choices":[{"delta":{"content":"b"}}],"usage":{"completion_tokens":2}}

        data: {"choices":[],"usage":null}

        """;

    assertThat(Replay.of(() -> new ChatStreamReader(false), utf8(stream)).usage())
        .isEqualTo(Usage.NONE.plusOutput(2));
  }

  private static Usage read(String json) {
    JsonCursor cursor = new JsonCursor();
    byte[] bytes = utf8(json);
    cursor.reset(bytes, 0, bytes.length);
    ChatUsage usage = new ChatUsage();
    assertThat(usage.read(cursor)).isTrue();
    return usage.usage();
  }
}
