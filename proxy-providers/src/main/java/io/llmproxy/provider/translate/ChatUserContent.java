package io.llmproxy.provider.translate;

import java.util.ArrayList;
import java.util.List;

/// The content of one user message of a chat request: a string where it is one text, else parts.
final class ChatUserContent {
  private static final MemberNames SOURCE = MemberNames.of("type", "data", "media_type", "url");
  private static final MemberNames CACHE = MemberNames.of("type");

  /// More breakpoints are not written by any provider.
  private static final int MOST_BREAKPOINTS = 4;

  private final ChatDraft draft;
  private final List<MessagesBlock> blocks = new ArrayList<>();
  private int breakpoints;

  ChatUserContent(ChatDraft draft) {
    this.draft = draft;
  }

  void clear() {
    blocks.clear();
  }

  boolean isEmpty() {
    return blocks.isEmpty();
  }

  void add(MessagesBlock block) {
    blocks.add(block);
  }

  /// Says that what is added next belongs to the result of a call.
  void addLabel(MessagesBlock result) {
    JsonSpan none = JsonSpan.NOTHING;
    blocks.add(
        new MessagesBlock(
            result.where(), "label", none, none, result.id(), none, none, none, none, none));
  }

  void write() {
    draft.json().startObject();
    draft.name("role");
    draft.plain("user");
    draft.name("content");
    boolean texts = blocks.stream().allMatch(ChatText::isText);
    boolean single = blocks.size() < 2 && !wantsBreakpoint();
    if (texts && (single || !draft.target().takesTextParts())) {
      blocks.forEach(this::dropCacheControl);
      ChatText.write(draft, blocks);
    } else {
      draft.json().startArray();
      blocks.forEach(this::writePart);
      draft.json().endArray();
    }
    draft.json().endObject();
  }

  private boolean wantsBreakpoint() {
    return draft.model().takesCacheBreakpoints()
        && blocks.stream().anyMatch(block -> block.cacheControl().isPresent());
  }

  private void dropCacheControl(MessagesBlock block) {
    if (block.cacheControl().isPresent()) {
      draft.drop("cache_control");
    }
  }

  private void writePart(MessagesBlock block) {
    draft.json().startObject();
    draft.name("type");
    if (ChatText.isText(block)) {
      draft.plain("text");
      draft.name("text").openString();
      ChatText.inside(draft, block);
      draft.json().closeString();
    } else {
      switch (block.type()) {
        case "label" -> writeLabel(block);
        case "image" -> writeImage(block);
        case "document" -> writeFile(block);
        default -> {
          draft.plain("text");
          draft.refuse(
              block.where(),
              "a block of type \""
                  + block.type()
                  + "\" (expected: text, image, document, search_result or tool_result)");
        }
      }
    }
    writeBreakpoint(block);
    draft.json().endObject();
  }

  private void writeLabel(MessagesBlock block) {
    draft.plain("text");
    draft.name("text").openString();
    draft.part("Result of the call ");
    draft.part(block.id());
    draft.part(":");
    draft.json().closeString();
  }

  private void writeImage(MessagesBlock block) {
    JsonSpan[] source = block.source().members(SOURCE);
    draft.plain("image_url");
    draft.name("image_url").startObject();
    draft.name("url");
    if (source[0].is("base64") && source[1].isText() && source[2].isText()) {
      writeDataUrl(source);
    } else if (source[0].is("url") && source[3].isText()) {
      draft.raw(source[3]);
    } else {
      refuseSource(block, "a source of type base64 or url; files of one provider are unknown to");
    }
    draft.json().endObject();
  }

  private void writeFile(MessagesBlock block) {
    JsonSpan[] source = block.source().members(SOURCE);
    draft.plain("file");
    draft.name("file").startObject();
    if (!draft.target().takesFiles()) {
      refuseSource(block, "a source of type text; files are not taken by");
    } else if (source[0].is("base64") && source[1].isText() && source[2].isText()) {
      draft.name("filename");
      if (block.name().isText()) {
        draft.raw(block.name());
      } else {
        draft.plain("document.pdf");
      }
      draft.name("file_data");
      writeDataUrl(source);
    } else {
      refuseSource(block, "a source of type base64, text or content; others are not taken by");
    }
    draft.json().endObject();
  }

  private void writeDataUrl(JsonSpan[] source) {
    draft.json().openString();
    draft.part("data:");
    draft.part(source[2]);
    draft.part(";base64,");
    draft.part(source[1]);
    draft.json().closeString();
  }

  private void refuseSource(MessagesBlock block, String expected) {
    draft.refuse(
        block.where() + ".source",
        block.source().kind()
            + " that cannot be mapped (expected: "
            + expected
            + " the provider of "
            + draft.model().name()
            + ")");
  }

  private void writeBreakpoint(MessagesBlock block) {
    if (!block.cacheControl().isPresent()) {
      return;
    }
    boolean known = block.cacheControl().members(CACHE)[0].is("ephemeral");
    if (known && draft.model().takesCacheBreakpoints() && breakpoints < MOST_BREAKPOINTS) {
      breakpoints++;
      draft.name("prompt_cache_breakpoint").startObject();
      draft.name("mode");
      draft.plain("explicit");
      draft.json().endObject();
    } else {
      draft.drop("cache_control");
    }
  }
}
