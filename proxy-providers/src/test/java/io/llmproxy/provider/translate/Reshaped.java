package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.shown;
import static io.llmproxy.provider.translate.StreamedChat.ALLOCATOR;

import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;

/// The dialects whose replies have two shapes, each with a reply of everything.
enum Reshaped {
  CHAT(Operation.CHAT_COMPLETIONS, new Usage(40, 60, 0, 0, 0, 0, 0, 15, 5, 0, 120)),
  MESSAGES(Operation.MESSAGES, new Usage(25, 1536, 384, 0, 0, 0, 0, 58, 31, 0, 0)),
  RESPONSES(Operation.RESPONSES, new Usage(40, 60, 0, 0, 0, 0, 0, 15, 5, 0, 120));

  final Operation operation;
  final Usage usage;

  Reshaped(Operation operation, Usage usage) {
    this.operation = operation;
    this.usage = usage;
  }

  /// JSON on many lines.
  byte[] json() {
    String name = "/golden/reshaped/" + name().toLowerCase(Locale.ROOT) + ".json";
    try (InputStream in = Reshaped.class.getResourceAsStream(name)) {
      byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
      return shown(bytes).stripTrailing().getBytes(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The stream that the JSON comes to.
  byte[] stream() {
    return Replay.of(toStream(), json()).output().getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Readers of JSON for a caller who asked for a stream.
  Supplier<ReplyReader> toStream() {
    return () ->
        ReshapedReply.stream(
            ReplyReaders.spliced(operation, false, false), operation, true, ALLOCATOR);
  }

  /// Readers of a stream for a caller who asked for JSON.
  Supplier<ReplyReader> toJson() {
    return () ->
        ReshapedReply.json(ReplyReaders.spliced(operation, true, false), operation, ALLOCATOR);
  }
}
