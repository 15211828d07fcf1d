package io.llmproxy.provider.openai;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.sample;
import static io.llmproxy.provider.Replay.shown;
import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponsesStreamReaderTest {
  private static final String CREATED =
      event("response.created", "\"response\":{\"status\":\"in_progress\",\"usage\":null}");
  private static final String DELTA = event("response.output_text.delta", "\"delta\":\"hi you!!\"");
  private static final String USAGE =
      "\"usage\":{\"input_tokens\":7,\"output_tokens\":3,\"total_tokens\":10}";

  @Test
  void givesPartsOnAsTheVeryBuffersTheyAre() {
    ByteBuf part = Unpooled.wrappedBuffer(utf8(CREATED));
    List<ByteBuf> given = new ArrayList<>();

    new ResponsesStreamReader().read(part, given::add);

    assertThat(given).hasSize(1);
    assertThat(given.getFirst()).isSameAs(part);
    part.release();
  }

  @ParameterizedTest
  @ValueSource(strings = {"response.completed", "response.incomplete"})
  void isWholeOnceItsLastEventCame(String type) {
    String stream = CREATED + DELTA + event(type, "\"response\":{" + USAGE + ",\"error\":null}");
    Usage usage = new Usage(7, 0, 0, 0, 0, 0, 0, 3, 0, 0, 10);
    var expected = new Replay(stream, usage, UsageSource.REPORTED, true, true, false);

    assertSameAtEveryCut(expected, ResponsesStreamReader::new, utf8(stream));
  }

  @EdgeCase(41)
  @Test
  void isNotWholeBeforeItsLastEvent() {
    byte[] body = sample("openai-responses-stream.sse");
    int last = shown(body).indexOf("event: response.completed");
    for (int end : new int[] {1, 1000, last, last + 200, body.length - 4}) {
      Replay replay = Replay.of(ResponsesStreamReader::new, Arrays.copyOf(body, end));

      assertThat(replay.complete()).as("cut at %d", end).isFalse();
      assertThat(replay.error()).isFalse();
    }
  }

  @Test
  void anItemThatIsDoneEndsNothing() {
    String item = "\"item\":{\"type\":\"message\",\"status\":\"completed\"}";
    String stream =
        DELTA
            + event("response.output_text.done", "\"text\":\"hi you!!\"")
            + event("response.output_item.done", item);

    assertThat(replay(stream).complete()).isFalse();
    assertThat(replay(stream + event("response.completed", "\"response\":{}")).complete()).isTrue();
  }

  @Test
  void argumentsToldAtOnceAreContentAndCountedOnce() {
    String call = "\"item\":{\"type\":\"message\"}";
    String stream =
        event("response.output_item.added", call)
            + event("response.function_call_arguments.done", "\"arguments\":\"12345678\"")
            + event("response.output_text.done", "\"text\":\"12345678\"");

    Replay replay = replay(stream);

    assertThat(replay.content()).isTrue();
    assertThat(replay.usage().output()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "response.created            | 'response':{'output':[]}                  | false",
        "response.in_progress        | 'response':{'output':[]}                  | false",
        "response.output_item.added  | 'item':{'type':'message','content':[]}    | false",
        "response.output_item.added  | 'item':{'type':'reasoning','summary':[]}  | false",
        "response.output_text.delta  | 'delta':''                                | false",
        "response.output_text.delta  | 'delta':'x'                               | true",
        "response.refusal.delta      | 'delta':'x'                               | true",
        "response.reasoning_summary_text.delta | 'delta':'x'                     | true",
        "response.reasoning_text.delta         | 'delta':'x'                     | true",
        "response.output_item.added  | 'item':{'type':'function_call','name':'f'} | true",
        "response.output_item.added  | 'item':{'name':'f','type':'web_search_call'} | true",
        "response.refusal.done       | 'refusal':'no'                            | true",
      })
  void knowsContent(String type, String members, boolean content) {
    assertThat(replay(event(type, members.replace('\'', '"'))).content()).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "event: error\ndata: {\"type\":\"error\",\"code\":\"x\",\"message\":\"m\"}\n\n",
        "data: {\"type\":\"error\",\"message\":\"m\"}\n\n",
        "event: error\ndata: {\"error\":{\"message\":\"m\"}}\n\n",
        "data: {\"error\":{\"message\":\"m\"}}\n\n",
        "event: error\ndata: out of order\n\n",
        "event: response.failed\ndata: {\"response\":{}}\n\n",
        "data: {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\"}}\n\n",
        "data: {\"type\":\"response.completed\",\"response\":{\"error\":{\"code\":\"x\"}}}\n\n",
      })
  void seesEveryFormOfFailure(String failure) {
    Replay replay = replay(CREATED + DELTA + failure);

    assertThat(replay.error()).isTrue();
    assertThat(replay.complete()).isFalse();
    assertThat(replay.content()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: [DONE]\n\n",
        ": keep-alive\n\n",
        "event: response.queued\ndata: {\"type\":\"response.queued\"}\n\n",
        "data: {\"type\":\"response.new\",\"item\":7,\"response\":[],\"delta\":{\"x\":1}}\n\n",
        "data: {\"type\":\"response.new\",\"text\":{\"format\":{}},\"error\":null}\n\n",
        "data: {\"type\":7}\n\n",
      })
  void whatItDoesNotKnowMeansNothing(String record) {
    String stream = CREATED + DELTA + event("response.completed", "\"response\":{" + USAGE + "}");
    Replay plain = replay(stream);

    Replay replay = replay(record + stream.replace("\n\n", "\n\n" + record));

    assertThat(replay.usage()).isEqualTo(plain.usage());
    assertThat(replay.source()).isEqualTo(UsageSource.REPORTED);
    assertThat(replay.complete()).isTrue();
    assertThat(replay.error()).isFalse();
  }

  @Test
  void aRecordOfTheEndThatIsCutIsNone() {
    String stream = DELTA + "event: response.completed\ndata: {\"type\":\"response.completed\"";

    assertThat(replay(stream).complete()).isFalse();
  }

  @Test
  void takesALastRecordWithoutItsEmptyLine() {
    String stream = DELTA + event("response.completed", "\"response\":{" + USAGE + "}").strip();

    assertThat(replay(stream).complete()).isTrue();
    assertThat(replay(stream).usage().output()).isEqualTo(3);
  }

  @Test
  void estimatesWhatNoUsageCovers() {
    Replay cut = replay(CREATED + DELTA + DELTA);

    assertThat(cut.source()).isEqualTo(UsageSource.ESTIMATED);
    assertThat(cut.usage()).isEqualTo(Usage.NONE.plusOutput(4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // Writes by their lifetimes; what no lifetime is told of lives 30 minutes.
        "'input_tokens':100,'input_tokens_details':{'cached_tokens':50,'cache_write_tokens':30,"
            + "'cache_write_tokens_details':{'ttl_30m_tokens':10,'ttl_12h_tokens':15}},"
            + "'output_tokens':9 | 20 50 15 15 9 0",
        "'input_tokens':100,'input_tokens_details':{'cache_write_tokens':30},'output_tokens':9"
            + " | 70 0 30 0 9 0",
        "'input_tokens':10,'input_tokens_details':{'cached_tokens':50},'output_tokens':9"
            + " | 0 50 0 0 9 0",
        "'input_tokens':10,'output_tokens':9,'output_tokens_details':{'reasoning_tokens':4}"
            + " | 10 0 0 0 5 4",
        "'input_tokens':10,'output_tokens':9,'output_tokens_details':{'reasoning_tokens':40}"
            + " | 10 0 0 0 0 9",
        "'input_tokens':10,'output_tokens':null,'output_tokens_details':null | 10 0 0 0 0 0",
      })
  void countsEachTokenOnce(String usage, String counts) {
    long[] n = Arrays.stream(counts.split(" ")).mapToLong(Long::parseLong).toArray();
    String members = "\"response\":{\"usage\":{" + usage.replace('\'', '"') + "}}";

    Usage read = replay(event("response.completed", members)).usage();

    assertThat(read).isEqualTo(new Usage(n[0], n[1], 0, 0, n[2], n[3], 0, n[4], n[5], 0, 0));
  }

  private static Replay replay(String stream) {
    return Replay.of(ResponsesStreamReader::new, stream.getBytes(StandardCharsets.UTF_8));
  }

  private static String event(String type, String members) {
    return "event: "
        + type
        + "\ndata: {\"type\":\""
        + type
        + "\",\"sequence_number\":4,"
        + members
        + "}\n\n";
  }
}
