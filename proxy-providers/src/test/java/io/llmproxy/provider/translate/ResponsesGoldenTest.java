package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.translate.StreamedChat.ALLOCATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ReplyReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is written for every file of golden/responses-chat: requests by the provider their name
/// begins with, replies by `stream` or `json`, those of Anthropic by `chain` or `chainjson`.
class ResponsesGoldenTest {
  private static final Path FILES = files();
  private static final long CREATED = 1_795_376_402L;

  @ParameterizedTest
  @MethodSource("cases")
  void writesWhatIsExpected(String name) throws IOException {
    byte[] input = Files.readAllBytes(FILES.resolve(name + ".in"));
    String expected = Files.readString(FILES.resolve(name + ".out"));
    String kind = name.substring(0, name.indexOf('-'));

    switch (kind) {
      case "stream", "chain" -> {
        assertReply(expected, () -> reader(kind), input);
        assertThat(ResponseStream.of(latin(expected)).status).isIn("completed", "incomplete");
      }
      case "json", "chainjson" -> {
        assertReply(expected, () -> reader(kind), input);
        assertThat(ParsedJson.of(expected).text("object")).isEqualTo("response");
      }
      default -> assertThat(request(kind, input)).isEqualTo(expected);
    }
  }

  private static void assertReply(String expected, Supplier<ReplyReader> readers, byte[] input) {
    Replay replay = Replay.of(readers, input);
    assertThat(replay.output()).isEqualTo(latin(expected));
    assertThat(replay.complete()).isTrue();
    assertSameAtEveryCut(replay, readers, input);
  }

  /// The body, and in a line of its own what was left out.
  private static String request(String kind, byte[] input) {
    ChatTarget target = ChatTarget.valueOf(kind.toUpperCase(Locale.ROOT));
    Translation translation =
        ResponsesToChat.translate(input, ResponsesRequests.model(target), target, ALLOCATOR);
    if (!(translation instanceof Translation.Done(var body, List<String> dropped))) {
      throw new AssertionError(translation);
    }
    String text = body.toString(StandardCharsets.UTF_8);
    body.release();
    assertThat(ParsedJson.of(text).size("messages")).isPositive();
    return text + "\n" + dropped + "\n";
  }

  private static ReplyReader reader(String kind) {
    return switch (kind) {
      case "stream" ->
          new ChatToResponsesStream(
              ALLOCATOR, new ResponseHead("asked", "req_1", CREATED, ResponseEcho.NONE), 17);
      case "json" ->
          new ChatToResponsesJson(
              ALLOCATOR, new ResponseHead("asked", "req_1", CREATED, ResponseEcho.NONE), 17);
      case "chain" ->
          new ReplyChain(new MessagesToChatStream("asked", CREATED, true), reader("stream"));
      case "chainjson" -> new ReplyChain(new MessagesToChatJson("asked", CREATED), reader("json"));
      default -> throw new AssertionError(kind);
    };
  }

  private static String latin(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static Stream<String> cases() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".in"))
              .map(name -> name.substring(0, name.length() - ".in".length()))
              .sorted()
              .toList();
      assertThat(names).hasSizeGreaterThan(20);
      return names.stream();
    }
  }

  private static Path files() {
    try {
      return Path.of(
          Objects.requireNonNull(ResponsesGoldenTest.class.getResource("/golden/responses-chat"))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void releasesEveryBuffer() {
    StreamedChat.assertNothingHeld();
  }
}
