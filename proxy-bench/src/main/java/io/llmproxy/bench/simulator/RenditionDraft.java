package io.llmproxy.bench.simulator;

import static io.llmproxy.bench.simulator.Template.GAP;

import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The parts a [Rendition] is made of, put together from a shape and a script.
///
/// @param streams whether the answer has events, rather than a body that is sent whole
/// @param text the whole answer's text, escaped; likewise `reasoningText`
record RenditionDraft(
    Script script,
    boolean streams,
    Rendition.Around around,
    @Nullable Event first,
    List<Event> reasoning,
    List<Event> content,
    String text,
    String reasoningText) {

  private static final String FILLER =
      "the answer goes on and on, word by word, as long as it was asked to, and says nothing. ";

  private static final List<String> WORDS =
      List.of(
          ("This answer is simulated. It comes word by word, at the pace it was asked to, and ends"
                  + " with what it cost. ")
              .split("(?<= )"));

  private static final Template NOTHING = new Template("");

  private static final AsciiString JSON = AsciiString.cached("application/json");

  /// Renders a script.
  ///
  /// @param echo what the `echo` script says; ignored by others
  static RenditionDraft of(Rendition.Key key, Script script, String echo) {
    if (script.start() == Script.Start.HTML) {
      return html(script);
    }
    if (script.sample() != null) {
      return sample(key, script, Sample.named(script.sample()));
    }
    if (script.status() != 200) {
      return error(key, script);
    }
    Shape shape = key.provider().shape();
    boolean recorded = script.text() == Script.Text.RECORDED;
    List<String> content = content(shape, script, echo);
    List<String> reasoning = recorded ? shape.sampleReasoning() : reasoning(script);
    Script counted = recorded ? script.withCounts(content.size(), reasoning.size()) : script;
    boolean thinks = !reasoning.isEmpty();
    Facts facts =
        new Facts(
            Facts.escape(key.facts().model()),
            Facts.escape(counted.id() == null ? shape.defaultId() : counted.id()),
            key.facts().includeUsage(),
            key.facts().obfuscation(),
            thinks,
            Facts.escape(counted.finish()));
    return key.facts().stream()
        ? stream(key, counted, facts, reasoning, content)
        : whole(shape, counted, facts, reasoning, content);
  }

  private static List<String> content(Shape shape, Script script, String echo) {
    return switch (script.text()) {
      case RECORDED -> shape.sampleContent();
      case FILLER -> List.of(unit(script, echo));
      case WORDS -> WORDS;
    };
  }

  private static String unit(Script script, String echo) {
    String text = script.echo() ? Facts.escape(echo) : filler(script.bytes());
    return script.stamp() ? Event.STAMP + text : text;
  }

  private static List<String> reasoning(Script script) {
    return script.think() == 0 ? List.of() : List.of(filler(script.bytes()));
  }

  private static String filler(int bytes) {
    return FILLER.repeat(bytes / FILLER.length() + 1).substring(0, bytes);
  }

  private static RenditionDraft stream(
      Rendition.Key key, Script script, Facts facts, List<String> reasoning, List<String> content) {
    Shape shape = key.provider().shape();
    boolean chunked = key.chunked() && !script.bytewise();
    Shape.Frame thinking = shape.reasoning(facts);
    boolean shown = thinking != null && facts.thinks();
    List<Event> thoughts = new ArrayList<>();
    if (thinking != null) {
      reasoning.forEach(text -> thoughts.add(Event.of(thinking, text, chunked)));
    }
    Shape.Frame frame = shape.content(facts);
    List<Event> events = content.stream().map(text -> Event.of(frame, text, chunked)).toList();
    Shape.Frame opener = shape.first(facts);
    String firstText = shown ? reasoning.getFirst() : content.getFirst();
    Event first = opener == null ? null : Event.of(opener, firstText, chunked);
    String open = shown ? shape.reasoningOpen(facts) : shape.contentOpen(facts);
    String between = shown ? shape.reasoningClose(facts) + shape.contentOpen(facts) : "";
    Rendition.Around around =
        new Rendition.Around(
            200,
            fields(shape, shape.streamContentType(), script),
            true,
            new Template(shape.opening(facts) + open),
            new Template(between),
            new Template(shape.closing(facts)),
            new Template(shape.errorRecord(facts)));
    return new RenditionDraft(script, true, around, first, thoughts, events, "", "");
  }

  private static RenditionDraft whole(
      Shape shape, Script script, Facts facts, List<String> reasoning, List<String> content) {
    String text = repeat(content, script.events());
    String thoughts = reasoning.isEmpty() ? "" : repeat(reasoning, script.think());
    return whole(script, 200, fields(shape, JSON, script), shape.whole(facts))
        .withText(text, thoughts);
  }

  private static String repeat(List<String> pieces, int times) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < times; i++) {
      all.append(pieces.get(i % pieces.size()));
    }
    return all.toString();
  }

  private RenditionDraft withText(String all, String thoughts) {
    return new RenditionDraft(script, streams, around, first, reasoning, content, all, thoughts);
  }

  private static RenditionDraft whole(
      Script script, int status, List<CharSequence> fields, String body) {
    Rendition.Around around =
        new Rendition.Around(status, fields, true, NOTHING, NOTHING, new Template(body), NOTHING);
    return new RenditionDraft(script, false, around, null, List.of(), List.of(), "", "");
  }

  private static RenditionDraft error(Rendition.Key key, Script script) {
    Shape shape = key.provider().shape();
    String body = shape.error(script.status(), "", GAP + "T");
    return whole(script, script.status(), fields(shape, JSON, script), body);
  }

  private static RenditionDraft html(Script script) {
    String page =
        """
        <html>
        <head><title>502 Bad Gateway</title></head>
        <body>
        <center><h1>502 Bad Gateway</h1></center>
        <hr><center>cloudflare</center>
        </body>
        </html>
        """
            .replace("\n", "\r\n");
    List<CharSequence> fields =
        List.of(ReplyHead.CONTENT_TYPE, "text/html; charset=UTF-8", "server", "cloudflare");
    return whole(script, 502, fields, page);
  }

  private static RenditionDraft sample(Rendition.Key key, Script script, Sample sample) {
    Shape shape = key.provider().shape();
    if (sample.records().isEmpty()) {
      boolean own = sample.fields().isEmpty();
      Rendition.Around around =
          new Rendition.Around(
              sample.status(),
              own ? fields(shape, JSON, script) : sample.fields(),
              own,
              NOTHING,
              NOTHING,
              new Template(sample.body()),
              NOTHING);
      return new RenditionDraft(script, false, around, null, List.of(), List.of(), "", "");
    }
    Rendition.Around around =
        new Rendition.Around(
            200,
            fields(shape, shape.streamContentType(), script),
            true,
            NOTHING,
            NOTHING,
            NOTHING,
            NOTHING);
    boolean chunked = key.chunked() && !script.bytewise();
    Shape.Frame frame = new Shape.Frame("", "");
    List<Event> events =
        sample.records().stream().map(text -> Event.of(frame, text, chunked)).toList();
    Script counted = script.withCounts(events.size(), 0);
    return new RenditionDraft(counted, true, around, null, List.of(), events, "", "");
  }

  private static List<CharSequence> fields(Shape shape, CharSequence contentType, Script script) {
    List<CharSequence> fields = new ArrayList<>();
    fields.add(ReplyHead.CONTENT_TYPE);
    fields.add(contentType);
    fields.addAll(shape.headers());
    if (script.retryAfterSeconds() >= 0) {
      fields.add("retry-after");
      fields.add(Integer.toString(script.retryAfterSeconds()));
    }
    return fields;
  }
}
