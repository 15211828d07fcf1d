package io.llmproxy.bench.simulator;

import static io.llmproxy.bench.simulator.Template.GAP;

import io.llmproxy.bench.simulator.rules.Denial;
import io.llmproxy.bench.simulator.rules.Denials;
import io.llmproxy.bench.simulator.rules.Refused;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Renders the replies that a script's [Trouble] puts in an answer's place.
final class TroubleDraft {

  private static final int LINE_PART_BYTES = 16 * 1024;
  private static final int TOO_MANY = 429;

  private TroubleDraft() {}

  /// Gives the reply that takes the answer's place; null where the answer stands.
  static @Nullable RenditionDraft of(Rendition.Key key, Script script) {
    Shape shape = key.provider().shape();
    Denial denial = script.trouble().denial();
    return switch (key.course()) {
      case BAD_KEY -> refused(key, script, shape.wrongKeyStatus());
      case LIMITED_KEY -> refused(key, script, TOO_MANY);
      case PREFILL -> refused(key, script, Denials.prefill());
      case WRITTEN, RECOVERED ->
          denial != null
              ? refused(key, script, shape.denial(denial))
              : script.trouble().endlessBytes() > 0 ? endless(key, script) : null;
    };
  }

  private static RenditionDraft refused(Rendition.Key key, Script script, int status) {
    String body = key.provider().shape().error(status, "", GAP + "T");
    return RenditionDraft.whole(script, status, RenditionDraft.fields(key, script), body);
  }

  private static RenditionDraft refused(Rendition.Key key, Script script, Refused refused) {
    String body = key.provider().shape().refusal(refused, GAP + "T");
    return RenditionDraft.whole(script, refused.status(), RenditionDraft.fields(key, script), body);
  }

  /// One line, in parts that no line end ever follows.
  private static RenditionDraft endless(Rendition.Key key, Script script) {
    Rendition.Around around =
        RenditionDraft.around(key.provider().shape(), script, "data: {\"x\":\"", "", "", "");
    boolean chunked = key.chunked() && !script.bytewise();
    Shape.Frame bare = new Shape.Frame("", "");
    Event part = Event.of(bare, "x".repeat(LINE_PART_BYTES), chunked);
    int parts = Math.ceilDiv(script.trouble().endlessBytes(), LINE_PART_BYTES);
    Script counted = script.withCounts(parts, 0);
    return new RenditionDraft(counted, true, around, null, List.of(), List.of(part), "", "");
  }
}
