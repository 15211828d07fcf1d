package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonCursor;

/// Writes the content of a Chat message as content blocks.
final class ContentParts {

  private enum Part {
    TYPE,
    TEXT,
    REFUSAL,
    IMAGE_URL,
    FILE,
    CACHE_CONTROL,
    PROMPT_CACHE_BREAKPOINT
  }

  private static final String EXPECTED = "a string or an array of parts";

  private final byte[] body;
  private final Findings findings;
  private final CacheMarks marks;
  private final JsonCursor cursor = new JsonCursor();
  private final Members<Part> part = new Members<>(Part.class);
  private final Sources sources;

  ContentParts(ChatRequest request, CacheMarks marks, Sources sources) {
    this.body = request.body();
    this.findings = request.findings();
    this.marks = marks;
    this.sources = sources;
  }

  /// What may stand in a message.
  enum Allowed {
    TEXT,
    MEDIA
  }

  /// Writes the member `name` of `message`, text that says nothing left out. `field` is how a
  /// refusal names it.
  <K extends Enum<K>> void write(
      Blocks blocks, Members<K> message, K name, String field, Allowed allowed) {
    switch (message.first(name)) {
      case 0 -> {}
      case '"' -> text(blocks, message.insideFrom(name), message.insideTo(name));
      case '[' -> parts(blocks, message.from(name), field, allowed);
      default -> findings.refuse(field, "neither a string nor an array", EXPECTED);
    }
  }

  private void text(Blocks blocks, int from, int to) {
    if (!JsonStrings.isBlank(body, from, to)) {
      blocks.text(body, from, to);
    }
  }

  private void parts(Blocks blocks, int from, String field, Allowed allowed) {
    cursor.reset(body, from, body.length);
    cursor.enterArray();
    while (cursor.nextElement()) {
      int start = cursor.valueStart();
      cursor.skipValue();
      part.read(body, start, body.length);
      int before = blocks.written();
      part(blocks, field, allowed);
      if (blocks.written() > before) {
        marks.control(blocks, part, Part.CACHE_CONTROL);
        marks.breakpoint(blocks, part, Part.PROMPT_CACHE_BREAKPOINT);
      }
    }
  }

  private void part(Blocks blocks, String field, Allowed allowed) {
    boolean media = allowed == Allowed.MEDIA;
    if (part.is(Part.TYPE, "text") && part.isString(Part.TEXT)) {
      text(blocks, part.insideFrom(Part.TEXT), part.insideTo(Part.TEXT));
    } else if (part.is(Part.TYPE, "refusal") && part.isString(Part.REFUSAL)) {
      text(blocks, part.insideFrom(Part.REFUSAL), part.insideTo(Part.REFUSAL));
    } else if (media && part.is(Part.TYPE, "image_url") && part.has(Part.IMAGE_URL)) {
      sources.image(blocks, part.from(Part.IMAGE_URL), field);
    } else if (media && part.is(Part.TYPE, "file") && part.has(Part.FILE)) {
      sources.file(blocks, part.from(Part.FILE), field);
    } else {
      findings.refuse(
          field,
          "a part of type \"" + part.text(Part.TYPE) + "\"",
          media ? "parts of type text, image_url or file" : "parts of type text");
    }
  }
}
