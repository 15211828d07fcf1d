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

  private static final int FIELD_BYTES = 1024;
  private static final Template NOTHING = new Template("");

  private static final String ANSWER =
      "{\"city\":\"Paris\",\"sunny\":true,\"hours\":[9,12.5],\"note\":null}";

  private static final AsciiString JSON = AsciiString.cached("application/json");

  /// Renders a script.
  ///
  /// @param echo what the `echo` script says; ignored by others
  static RenditionDraft of(Rendition.Key key, Script script, String echo) {
    RenditionDraft trouble = TroubleDraft.of(key, script);
    if (trouble != null) {
      return trouble;
    }
    if (script.start() == Script.Start.HTML) {
      return html(script);
    }
    if (script.sample() != null) {
      return sample(key, script, Sample.named(script.sample()));
    }
    if (script.status() != 200) {
      return error(key, script);
    }
    if (key.responses()) {
      return responses(key, script, echo);
    }
    Shape shape = key.provider().shape();
    boolean recorded = script.text() == Script.Text.RECORDED;
    List<String> texts = texts(shape, script, echo);
    List<String> reasoning = recorded ? shape.sampleReasoning() : reasoning(script);
    boolean onlyActs = script.tools() > 0 || script.text() == Script.Text.REFUSAL;
    Facts facts = facts(key, script, !texts.isEmpty() || !onlyActs, !reasoning.isEmpty());
    return key.facts().stream()
        ? stream(key, script, facts, reasoning, texts)
        : whole(shape, script, facts, reasoning, texts);
  }

  private static RenditionDraft responses(Rendition.Key key, Script script, String echo) {
    boolean recorded = script.text() == Script.Text.RECORDED;
    List<String> texts =
        switch (script.text()) {
          case RECORDED -> ResponsesDraft.SAMPLE_CONTENT;
          case REFUSAL -> key.provider().shape().refusalText();
          case FILLER, WORDS, JSON -> texts(key.provider().shape(), script, echo);
        };
    List<String> reasoning = recorded ? ResponsesDraft.SAMPLE_REASONING : reasoning(script);
    Facts facts = facts(key, script, !texts.isEmpty(), !reasoning.isEmpty());
    int thoughts = recorded ? reasoning.size() : script.think();
    ResponsesDraft draft =
        new ResponsesDraft(
            key,
            script,
            facts,
            repeated(reasoning, thoughts),
            repeated(texts, textEvents(script, texts)));
    return key.facts().stream() ? draft.stream() : draft.whole();
  }

  private static List<String> repeated(List<String> pieces, int times) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      all.add(pieces.get(i % pieces.size()));
    }
    return all;
  }

  private static Facts facts(Rendition.Key key, Script script, boolean speaks, boolean thinks) {
    Shape shape = key.provider().shape();
    boolean refuses = script.text() == Script.Text.REFUSAL;
    String finish = script.finish();
    return new Facts(
        Facts.escape(key.facts().model()),
        Facts.escape(script.id() == null ? shape.defaultId() : script.id()),
        key.facts().includeUsage(),
        key.facts().obfuscation(),
        thinks,
        speaks,
        refuses,
        key.facts().toolStream(),
        ToolCall.of(script, shape, key.facts().tools()),
        Facts.escape(finish.equals("refusal") ? shape.refusalFinish() : finish),
        Facts.escape(script.tier()));
  }

  /// The text of each content event; where a script asks for any number of them, of one that is
  /// repeated.
  private static List<String> texts(Shape shape, Script script, String echo) {
    return switch (script.text()) {
      case RECORDED -> shape.sampleContent();
      case FILLER -> script.events() == 0 ? List.of() : List.of(unit(script, echo));
      case WORDS -> script.events() == 0 ? List.of() : WORDS;
      case JSON -> ToolCall.cut(ANSWER).stream().map(Facts::escape).toList();
      case REFUSAL -> shape.refusalText();
    };
  }

  private static int textEvents(Script script, List<String> texts) {
    return switch (script.text()) {
      case RECORDED, JSON, REFUSAL -> texts.size();
      case FILLER, WORDS -> script.events();
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
      Rendition.Key key, Script script, Facts facts, List<String> reasoning, List<String> texts) {
    Shape shape = key.provider().shape();
    boolean chunked = key.chunked() && !script.bytewise();
    Shape.Frame thinking = shape.reasoning(facts);
    boolean shown = thinking != null && facts.thinks();
    List<Event> thoughts = new ArrayList<>();
    if (thinking != null) {
      Shape.Frame spelt = script.spelling().frame(thinking);
      reasoning.forEach(text -> thoughts.add(Event.of(spelt, text, chunked)));
    }
    List<Event> events = contentEvents(shape, script, facts, texts, chunked);
    Shape.Frame opener = shown || !texts.isEmpty() ? shape.first(facts) : null;
    String contentOpen = facts.speaks() ? shape.contentOpen(facts) : "";
    String between = shown ? shape.reasoningClose(facts) + contentOpen : "";
    boolean silent = events.isEmpty();
    Event first = null;
    if (opener != null) {
      Shape.Frame spelt = script.spelling().frame(opener);
      first = Event.of(spelt, shown ? reasoning.getFirst() : texts.getFirst(), chunked);
    }
    boolean baits = script.fault().kind() == Fault.Kind.BAIT;
    String opening =
        (baits ? shape.baitedOpening(facts) : shape.opening(facts))
            + (shown ? shape.reasoningOpen(facts) : contentOpen);
    Rendition.Around around =
        around(
            shape,
            script,
            opening,
            silent ? "" : between,
            (silent ? between : "") + shape.closing(facts),
            faultRecord(shape, script, facts));
    Script counted = counted(shape, script, facts, reasoning, texts);
    return new RenditionDraft(counted, true, around, first, thoughts, events, "", "");
  }

  /// What the script's fault writes in the middle.
  private static String faultRecord(Shape shape, Script script, Facts facts) {
    return switch (script.fault().kind()) {
      case MALFORMED -> shape.malformedRecord();
      case BAIT -> shape.baitRecord(facts);
      case NONE, CUT, DROP, CLOSE, END, STALL, ERROR_EVENT, GOAWAY, HALF_OPEN ->
          shape.errorRecord(facts);
    };
  }

  /// What stands around a stream's events: opens it, stands between, closes it, tells an error.
  static Rendition.Around around(Shape shape, Script script, String... parts) {
    Spelling spelling = script.spelling();
    return new Rendition.Around(
        200,
        fields(shape, spelling.contentType(shape.streamContentType()), script),
        true,
        new Template(spelling.opening(parts[0])),
        new Template(spelling.records(parts[1])),
        new Template(spelling.closing(parts[2])),
        new Template(spelling.records(parts[3])));
  }

  /// The script with as many events as there are, calls of tools included.
  private static Script counted(
      Shape shape, Script script, Facts facts, List<String> reasoning, List<String> texts) {
    int records = facts.calls().isEmpty() ? 0 : shape.toolRecords(facts).size();
    boolean recorded = script.text() == Script.Text.RECORDED;
    return script.withCounts(
        textEvents(script, texts) + records, recorded ? reasoning.size() : script.think());
  }

  private static List<Event> contentEvents(
      Shape shape, Script script, Facts facts, List<String> texts, boolean chunked) {
    Shape.Frame frame =
        script.spelling().frame(facts.refuses() ? shape.refusal(facts) : shape.content(facts));
    if (facts.calls().isEmpty()) {
      return texts.stream().map(text -> Event.of(frame, text, chunked)).toList();
    }
    List<Event> events = new ArrayList<>();
    int count = textEvents(script, texts);
    for (int i = 0; i < count; i++) {
      events.add(Event.of(frame, texts.get(i % texts.size()), chunked));
    }
    Shape.Frame bare = new Shape.Frame("", "");
    for (String record : shape.toolRecords(facts)) {
      events.add(Event.of(bare, script.spelling().records(record), chunked));
    }
    return events;
  }

  private static RenditionDraft whole(
      Shape shape, Script script, Facts facts, List<String> reasoning, List<String> texts) {
    Script counted = counted(shape, script, facts, reasoning, texts);
    String text = repeat(texts, textEvents(script, texts));
    String thoughts = reasoning.isEmpty() ? "" : repeat(reasoning, counted.think());
    return whole(counted, 200, fields(shape, JSON, script), shape.whole(facts))
        .withText(text, thoughts);
  }

  private static String repeat(List<String> pieces, int times) {
    return String.join("", repeated(pieces, times));
  }

  private RenditionDraft withText(String all, String thoughts) {
    return new RenditionDraft(script, streams, around, first, reasoning, content, all, thoughts);
  }

  static RenditionDraft whole(Script script, int status, List<CharSequence> fields, String body) {
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
            fields(shape, script.spelling().contentType(shape.streamContentType()), script),
            true,
            NOTHING,
            NOTHING,
            NOTHING,
            NOTHING);
    boolean chunked = key.chunked() && !script.bytewise();
    Shape.Frame frame = new Shape.Frame("", "");
    List<Event> events =
        sample.records().stream()
            .map(text -> Event.of(frame, script.spelling().records(text), chunked))
            .toList();
    Script counted = script.withCounts(events.size(), 0);
    return new RenditionDraft(counted, true, around, null, List.of(), events, "", "");
  }

  /// The head's fields of an answer in JSON.
  static List<CharSequence> fields(Rendition.Key key, Script script) {
    return fields(key.provider().shape(), JSON, script);
  }

  static List<CharSequence> fields(Shape shape, CharSequence contentType, Script script) {
    List<CharSequence> fields = new ArrayList<>();
    fields.add(ReplyHead.CONTENT_TYPE);
    fields.add(contentType);
    fields.addAll(shape.headers());
    if (script.retryAfterSeconds() >= 0) {
      fields.add("retry-after");
      fields.add(Integer.toString(script.retryAfterSeconds()));
    }
    if (script.retryAfterMillis() >= 0) {
      fields.add("retry-after-ms");
      fields.add(Integer.toString(script.retryAfterMillis()));
    }
    String shouldRetry = script.shouldRetry();
    if (shouldRetry != null) {
      fields.add("x-should-retry");
      fields.add(shouldRetry);
    }
    for (int bytes = script.trouble().headBytes(); bytes > 0; bytes -= FIELD_BYTES) {
      fields.add("x-filler-" + bytes);
      fields.add("x".repeat(Math.min(bytes, FIELD_BYTES)));
    }
    return fields;
  }
}
