package io.llmproxy.provider.fuzz;

import io.llmproxy.provider.Replay;
import io.llmproxy.provider.json.Texts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/// Bytes to begin with: the samples and golden files of the other tests.
final class Seeds {
  private static final Pattern CHAT_STREAM =
      Pattern.compile("samples/(?!anthropic|openai-responses).*\\.sse");
  private static final Pattern MESSAGES_STREAM = Pattern.compile("samples/anthropic.*\\.sse");
  private static final Pattern RESPONSES_STREAM =
      Pattern.compile("samples/openai-responses.*\\.sse");
  private static final Pattern ANY_STREAM = Pattern.compile("samples/.*\\.sse");
  private static final Pattern CHAT_JSON =
      Pattern.compile("samples/(openai|glm|xai|groq)-chat-response\\.json");
  private static final Pattern MESSAGES_JSON =
      Pattern.compile("samples/anthropic-message-response\\.json");
  private static final Pattern CHAT_REQUEST =
      Pattern.compile("golden/chat-messages/request-.*\\.in");
  private static final Pattern MESSAGES_REQUEST =
      Pattern.compile("golden/messages-chat/(?!stream|json).*\\.in");
  private static final Pattern RESPONSES_REQUEST =
      Pattern.compile("golden/responses-chat/(?!stream|json|chain).*\\.in");

  private Seeds() {}

  static Stream<Arguments> texts() {
    return Stream.concat(Texts.ACCEPTED.stream(), Texts.REFUSED.stream())
        .map(Texts::utf8)
        .map(Arguments::of);
  }

  static Stream<Arguments> streams() {
    return files(ANY_STREAM);
  }

  static Stream<Arguments> chatStreams() {
    return files(CHAT_STREAM);
  }

  static Stream<Arguments> messagesStreams() {
    return files(MESSAGES_STREAM);
  }

  static Stream<Arguments> responsesStreams() {
    return files(RESPONSES_STREAM);
  }

  static Stream<Arguments> chatAnswers() {
    return files(CHAT_JSON);
  }

  static Stream<Arguments> messages() {
    return files(MESSAGES_JSON);
  }

  static Stream<Arguments> chatRequests() {
    return files(CHAT_REQUEST);
  }

  static Stream<Arguments> messagesRequests() {
    return files(MESSAGES_REQUEST);
  }

  static Stream<Arguments> responsesRequests() {
    return files(RESPONSES_REQUEST);
  }

  private static Stream<Arguments> files(Pattern name) {
    Path root = root();
    try (Stream<Path> all = Files.walk(root)) {
      List<byte[]> found =
          all.filter(file -> name.matcher(root.relativize(file).toString()).matches())
              .sorted()
              .map(Seeds::read)
              .toList();
      if (found.isEmpty()) {
        throw new AssertionError("no file is called " + name);
      }
      return found.stream().map(Arguments::of);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    try {
      return Path.of(Objects.requireNonNull(Replay.class.getResource("/samples")).toURI())
          .resolveSibling("");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
