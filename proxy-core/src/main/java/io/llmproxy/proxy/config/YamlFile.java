package io.llmproxy.proxy.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/// A file on its way to a tree of YAML nodes. Nodes know their place, and nothing is constructed
/// from them: a tag in the file cannot name a class.
final class YamlFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 32;
  private static final LoadSettings SYNTAX =
      LoadSettings.builder()
          .setAllowDuplicateKeys(true)
          .setAllowNonScalarKeys(true)
          .setUseMarks(true)
          .setSchema(new FailsafeSchema())
          .build();

  private YamlFile() {}

  /// The root node; null after a problem, and for a file that says nothing.
  static @Nullable Node read(Path file, Findings findings) {
    String text = text(file, findings);
    if (text == null) {
      return null;
    }
    try {
      return isShallow(text, findings)
          ? new Compose(SYNTAX).composeString(text).orElse(null)
          : null;
    } catch (MarkedYamlEngineException e) {
      // The exception's own message quotes the lines around, and a key may stand there.
      findings.problem(Place.of(e.getProblemMark()), "not YAML: " + withoutQuotes(e.getProblem()));
    } catch (ReaderException e) {
      findings.problem(
          Place.at(text, e.getPosition()),
          String.format("not YAML: the character U+%04X is not allowed", e.getCodePoint()));
    } catch (YamlEngineException _) {
      findings.problem(Place.START, "not YAML that can be read");
    }
    return null;
  }

  /// Composing recurses once per level; events do not, so depth is counted on them first.
  private static boolean isShallow(String text, Findings findings) {
    int depth = 0;
    for (Event event : new Parse(SYNTAX).parseString(text)) {
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        default -> {}
      }
      if (depth > MAX_DEPTH) {
        findings.problem(
            Place.of(event.getStartMark()), "nested deeper than " + MAX_DEPTH + " levels");
        return false;
      }
    }
    return true;
  }

  /// What the parser quotes from the file, such as an alias or a tag, may be a misplaced secret.
  private static String withoutQuotes(@Nullable String problem) {
    if (problem == null) {
      return "cannot be parsed here";
    }
    return problem.startsWith("found undefined alias") || problem.startsWith("found undefined tag")
        ? problem.substring(0, problem.lastIndexOf(' '))
        : problem;
  }

  private static @Nullable String text(Path file, Findings findings) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        findings.problem(Place.START, "longer than " + (MAX_BYTES >> 20) + " MiB");
        return null;
      }
      return decoded(bytes, findings);
    } catch (NoSuchFileException _) {
      findings.problem(Place.START, "no such file");
    } catch (AccessDeniedException _) {
      findings.problem(Place.START, "cannot be read: permission denied");
    } catch (IOException e) {
      findings.problem(Place.START, "cannot be read: " + e.getMessage());
    }
    return null;
  }

  private static @Nullable String decoded(byte[] bytes, Findings findings) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(in).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException _) {
      String good = new String(bytes, 0, in.position(), StandardCharsets.UTF_8);
      findings.problem(
          Place.at(good, good.codePointCount(0, good.length())), "this byte is not UTF-8");
      return null;
    }
  }
}
