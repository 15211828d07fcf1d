package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.simulator.ModelBook;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whichever provider answers, a caller of each dialect's SDK is told the same.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakWatch.class)
final class AnswersOfFiveIT {

  private static final String TWELVE_WORDS =
      "This answer is simulated. It comes word by word, at the pace ";

  private final SdkLab lab;

  AnswersOfFiveIT(@TempDir Path directory) throws Exception {
    lab = new SdkLab(directory);
  }

  @AfterAll
  void close() {
    lab.close();
  }

  @ParameterizedTest
  @MethodSource("io.llmproxy.bench.sdk.Combination#all")
  void answersWithoutAStream(Combination one) {
    assertTwelveWords(one, "words,events=12", one.api().end, false);
  }

  @ParameterizedTest
  @MethodSource("io.llmproxy.bench.sdk.Combination#all")
  void streamsWhatTheAccumulatorTakes(Combination one) {
    assertTwelveWords(one, "words,events=12", one.api().end, true);
  }

  @ParameterizedTest
  @MethodSource("io.llmproxy.bench.sdk.Combination#each")
  void tellsThatTheAnswerGrewTooLong(Combination one) {
    assertTwelveWords(one, "words,events=12,finish=length", one.api().tooLong, true);
    assertTwelveWords(one, "words,events=12,finish=length", one.api().tooLong, false);
  }

  private void assertTwelveWords(Combination one, String script, String end, boolean stream) {
    String kind = stream ? ",bytes=1" : "";
    Clients clients = lab.clients(one.wire());
    String model = one.model(script + kind);
    Told told = stream ? one.api().streamed(clients, model) : one.api().whole(clients, model);
    ModelBook book = book(one, script + kind);
    assertThat(told)
        .isEqualTo(new Told(TWELVE_WORDS, end, book.tokens().input(), book.tokens().output()));
    assertThat(told.outputTokens()).isEqualTo(12);
  }

  private ModelBook book(Combination one, String script) {
    return lab.lab(one.wire()).simulators().books().model(one.provider(), one.name(script));
  }

  @ParameterizedTest
  @MethodSource("io.llmproxy.bench.sdk.Combination#all")
  void leavingAStreamEndsItAtTheProvider(Combination one) throws Exception {
    String script = "events=4000,rate=100";
    Clients clients = lab.clients(one.wire());
    try (TextStream stream = one.api().open(clients, one.model(script))) {
      Iterator<String> texts = stream.texts().iterator();
      for (int i = 0; i < 3; i++) {
        assertThat(texts.next()).isEqualTo("the answer goes ");
      }
      assertThat(book(one, script).cancelled()).isZero();
    }
    long deadline = System.nanoTime() + Duration.ofSeconds(3).toNanos();
    while (book(one, script).cancelled() == 0 && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
    assertThat(book(one, script).cancelled()).isEqualTo(1);
  }
}
