package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.anthropic.errors.AnthropicException;
import com.openai.errors.OpenAIException;
import io.llmproxy.bench.simulator.SimulatedProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// However a provider spells its stream, each SDK behind the proxy is told the same; however it
/// breaks off, the SDK raises and never takes a part for the whole.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakWatch.class)
final class StreamVariantsIT {

  private static final String EVERY = "io.llmproxy.bench.sdk.Combination#all";
  private static final String EACH = "io.llmproxy.bench.sdk.Combination#each";

  /// These are not translated for callers of Responses.
  private static final Set<SimulatedProvider> HAS_RESPONSES =
      Set.of(SimulatedProvider.OPENAI, SimulatedProvider.GROK);

  private final SdkLab lab;

  StreamVariantsIT(@TempDir Path directory) throws Exception {
    lab = new SdkLab(directory);
  }

  @AfterAll
  void close() {
    lab.close();
  }

  private Told streamed(Combination one, String script) {
    return one.api().streamed(lab.clients(one.wire()), one.model(script));
  }

  private void assertReads(Combination one, String spelling) {
    Told told = streamed(one, "words,events=12," + spelling);
    assertThat(told.text())
        .isEqualTo("This answer is simulated. It comes word by word, at the pace ");
    assertThat(told.finish()).isEqualTo(one.api().end);
    assertThat(told.outputTokens()).isEqualTo(12);
    assertThat(told.inputTokens()).isPositive();
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void readsCarriageReturnsAndLineFeeds(Combination one) {
    assertReads(one, "sse=crlf");
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void readsBareCarriageReturns(Combination one) {
    assertReads(one, "sse=cr");
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void readsPastComments(Combination one) {
    assertReads(one, "sse=comments");
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void readsFieldsWithoutASpace(Combination one) {
    assertReads(one, "sse=tight");
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void readsPastIdsAndTimesToReconnect(Combination one) {
    assertReads(one, "sse=ids");
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void readsPastAByteOrderMark(Combination one) {
    assertReads(one, "sse=bom");
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void readsEventsWithoutNames(Combination one) {
    assertReads(one, "sse=unnamed");
  }

  @ParameterizedTest
  @CsvSource({
    "MESSAGES, OPENAI, openai-chat-stream",
    "CHAT, GLM, glm-chat-stream",
    "MESSAGES, ANTHROPIC, anthropic-messages-stream",
  })
  void readsCharactersThatComeByteByByte(Api api, SimulatedProvider provider, String sample) {
    Combination one = new Combination(Wire.HTTP_1, api, provider);
    Told dribbled = streamed(one, "dribble,sample=" + sample);
    assertThat(dribbled).isEqualTo(streamed(one, "sample=" + sample));
    assertThat(dribbled.text()).isNotBlank().doesNotContain("\uFFFD");
  }

  /// Of what it is announced as it is not even the beginning.
  @ParameterizedTest
  @MethodSource(EACH)
  void aStreamAnnouncedAsJsonIsRaised(Combination one) {
    Throwable error = assertBreaks(one, "sse=json", 0);
    assertThat(error.getClass().getSimpleName()).isEqualTo("InternalServerException");
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void aStreamWithoutItsLastRecordIsNeverTakenForAPart(Combination one) {
    Throwable error = catchThrowable(() -> assertReads(one, "sse=unended"));
    boolean endKnown =
        one.api() != Api.CHAT
            && one.provider() != SimulatedProvider.ANTHROPIC
            && !(one.api() == Api.RESPONSES && HAS_RESPONSES.contains(one.provider()));
    if (endKnown) {
      assertThat(error).as("%s", one).isNull();
    } else {
      assertThat(error).isInstanceOfAny(OpenAIException.class, AnthropicException.class);
    }
  }

  @ParameterizedTest
  @MethodSource(EVERY)
  void aCleanEndInMidContentIsRaised(Combination one) {
    assertBreaks(one, "end=5", 5);
  }

  @ParameterizedTest
  @MethodSource(EVERY)
  void aResetInMidContentIsRaised(Combination one) {
    assertBreaks(one, "cut=5", 5);
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void aConnectionClosedInMidContentIsRaised(Combination one) {
    assertBreaks(one, "close=5", 5);
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void anErrorInMidContentIsRaised(Combination one) {
    Throwable error = assertBreaks(one, "error_event=5", 5);
    // Of Responses the SDK gives the error on as an event, then the stream is reset.
    String expected = one.api() == Api.RESPONSES ? "OpenAIIoException" : "SseException";
    assertThat(error.getClass().getSimpleName()).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void aConnectionResetBeforeTheAnswerIsRaised(Combination one) {
    assertBreaks(one, "reset=head", 0);
  }

  /// Returns what was raised after exactly `events` texts.
  private Throwable assertBreaks(Combination one, String fault, int events) {
    List<String> texts = new ArrayList<>();
    String model = one.model("events=20,rate=2000," + fault);
    Throwable error =
        catchThrowable(() -> {
          try (TextStream stream = one.api().open(lab.clients(one.wire()), model)) {
            stream.texts().forEach(texts::add);
          }
        });
    assertThat(error)
        .as("%s %s", one, fault)
        .isInstanceOfAny(OpenAIException.class, AnthropicException.class);
    assertThat(texts).as("%s %s", one, fault).hasSize(events);
    return error;
  }
}
