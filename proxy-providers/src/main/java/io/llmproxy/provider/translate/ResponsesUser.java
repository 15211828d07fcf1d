package io.llmproxy.provider.translate;

import io.llmproxy.provider.translate.ResponsesPart.Kind;
import io.llmproxy.provider.translate.ResponsesPart.Member;
import java.util.ArrayList;
import java.util.List;

/// Writes what is not the assistant's: the results of calls, each as a message, and the user's
/// words. What of a result is no text follows all results in a message of the user's.
final class ResponsesUser {
  private static final String ELSEWHERE = "(The result follows in the next user message.)";

  private final ChatDraft draft;
  private final List<ResponsesPart> moved = new ArrayList<>();

  ResponsesUser(ChatDraft draft) {
    this.draft = draft;
  }

  /// Writes the result `output` of the call `id`.
  void writeResult(String where, JsonSpan id, JsonSpan output) {
    if (!id.isText()) {
      draft.wrong(where + ".call_id", id, "a string that is not empty");
      return;
    }
    List<ResponsesPart> texts = new ArrayList<>();
    List<ResponsesPart> others = new ArrayList<>();
    for (ResponsesPart part : ResponsesPart.all(where + ".output", output, draft)) {
      (part.isText() ? texts : others).add(part);
    }
    draft.json().startObject();
    draft.name("role");
    draft.plain("tool");
    draft.name("tool_call_id");
    draft.raw(id);
    draft.name("content").openString();
    ResponsesPart.texts(texts, draft);
    if (texts.isEmpty() && !others.isEmpty()) {
      draft.part(ELSEWHERE);
    }
    draft.json().closeString().endObject();
    if (!others.isEmpty()) {
      moved.add(ResponsesPart.label(where, id));
      moved.addAll(others);
    }
  }

  /// No further result follows: writes what was moved out of those that came.
  void flushMoved() {
    if (!moved.isEmpty()) {
      write(moved);
      moved.clear();
    }
  }

  /// Writes one message: a string where it is one text, else parts.
  void write(List<ResponsesPart> parts) {
    draft.json().startObject();
    draft.name("role");
    draft.plain("user");
    draft.name("content");
    boolean texts = parts.stream().allMatch(ResponsesPart::isText);
    if (texts && (parts.size() < 2 || !draft.target().takesTextParts())) {
      ResponsesPart.writeTexts(parts, draft);
    } else {
      draft.json().startArray();
      parts.forEach(this::writePart);
      draft.json().endArray();
    }
    draft.json().endObject();
  }

  private void writePart(ResponsesPart part) {
    draft.json().startObject();
    draft.name("type");
    switch (part.kind()) {
      case TEXT -> {
        draft.plain("text");
        draft.name("text").openString();
        part.inside(draft);
        draft.json().closeString();
      }
      case LABEL -> {
        draft.plain("text");
        draft.name("text").openString();
        draft.part("Result of the call ");
        draft.part(part.text());
        draft.part(":");
        draft.json().closeString();
      }
      case IMAGE -> writeImage(part);
      case FILE -> writeFile(part);
    }
    draft.json().endObject();
  }

  private void writeImage(ResponsesPart image) {
    draft.plain("image_url");
    draft.name("image_url").startObject();
    JsonSpan url = image.at(Member.IMAGE_URL);
    if (url.isText()) {
      draft.name("url");
      draft.raw(url);
    } else if (image.at(Member.FILE_ID).isPresent()) {
      refuse(image, ".file_id", "an image_url; files of OpenAI's are unknown to");
    } else {
      draft.wrong(image.where() + ".image_url", url, "a string, the URL of an image");
    }
    JsonSpan detail = image.at(Member.DETAIL);
    if (detail.isString() && draft.target() == ChatTarget.OPENAI) {
      draft.name("detail");
      draft.raw(detail);
    } else if (detail.isPresent() && !detail.is("auto")) {
      draft.drop("input.content.detail");
    }
    draft.json().endObject();
  }

  private void writeFile(ResponsesPart file) {
    draft.plain("file");
    draft.name("file").startObject();
    JsonSpan data = file.at(Member.FILE_DATA);
    if (!draft.target().takesFiles()) {
      refuse(file, "", "a text; files are not taken by");
    } else if (data.isText()) {
      draft.name("filename");
      if (file.at(Member.FILENAME).isText()) {
        draft.raw(file.at(Member.FILENAME));
      } else {
        draft.plain("document.pdf");
      }
      draft.name("file_data");
      draft.raw(data);
    } else if (file.at(Member.FILE_ID).isPresent()) {
      refuse(file, ".file_id", "file_data; files of OpenAI's are unknown to");
    } else if (file.at(Member.FILE_URL).isPresent()) {
      refuse(file, ".file_url", "file_data; files are not fetched by");
    } else {
      draft.wrong(file.where() + ".file_data", data, "a string, the data of a file");
    }
    draft.json().endObject();
  }

  private void refuse(ResponsesPart part, String member, String expected) {
    String what = part.kind() == Kind.IMAGE ? "an image" : "a file";
    draft.unsupported(
        part.where() + member,
        what
            + " that cannot be mapped (expected: "
            + expected
            + " the provider of "
            + draft.model().name()
            + ")");
  }
}
