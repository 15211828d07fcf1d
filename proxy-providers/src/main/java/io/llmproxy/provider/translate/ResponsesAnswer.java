package io.llmproxy.provider.translate;

import org.jspecify.annotations.Nullable;

/// Writes what a Responses request says of its answer: how much the model is to think, how much it
/// is to say, and in what shape.
final class ResponsesAnswer {
  private static final MemberNames REASONING = MemberNames.of("effort");
  private static final MemberNames TEXT = MemberNames.of("format", "verbosity");
  private static final MemberNames FORMAT =
      MemberNames.of("type", "name", "description", "schema", "strict");

  private final ChatDraft draft;
  private final ChatScalars scalars;

  ResponsesAnswer(ChatDraft draft) {
    this.draft = draft;
    this.scalars = new ChatScalars(draft);
  }

  void writeReasoning(JsonSpan reasoning) {
    scalars.dropUnknown(reasoning, REASONING, "reasoning.");
    JsonSpan effort = reasoning.members(REASONING)[0];
    if (!effort.isPresent()) {
      return;
    }
    ReasoningEffort asked = level(effort);
    String word = asked == null ? "" : asked.word(draft.model());
    if (!word.isEmpty()) {
      draft.name("reasoning_effort");
      draft.plain(word);
    } else if (asked == ReasoningEffort.NONE && draft.target() == ChatTarget.GLM) {
      draft.name("thinking").startObject();
      draft.name("type");
      draft.plain("disabled");
      draft.json().endObject();
    } else {
      draft.drop("reasoning.effort");
    }
  }

  void writeText(JsonSpan text) {
    scalars.dropUnknown(text, TEXT, "text.");
    JsonSpan[] at = text.members(TEXT);
    if (at[0].isPresent()) {
      writeFormat(at[0]);
    }
    if (!at[1].isPresent()) {
      return;
    }
    if (at[1].isString() && draft.model().isOpenAiReasoning()) {
      draft.name("verbosity");
      draft.raw(at[1]);
    } else if (!at[1].is("medium")) {
      draft.drop("text.verbosity");
    }
  }

  private void writeFormat(JsonSpan format) {
    scalars.dropUnknown(format, FORMAT, "text.format.");
    JsonSpan[] at = format.members(FORMAT);
    switch (at[0].word()) {
      case "text" -> {}
      case "json_object" -> {
        draft.name("response_format").startObject();
        draft.name("type");
        draft.plain("json_object");
        draft.json().endObject();
      }
      case "json_schema" -> writeSchema(at);
      default ->
          draft.wrong("text.format.type", at[0], "\"text\", \"json_object\" or \"json_schema\"");
    }
  }

  private void writeSchema(JsonSpan[] at) {
    if (!draft.target().takesSchema()) {
      draft.unsupported(
          "text.format",
          "a JSON schema (expected: none; the provider of "
              + draft.model().name()
              + " takes no schema for its answers)");
      return;
    }
    if (!at[3].isObject()) {
      draft.wrong("text.format.schema", at[3], "a JSON schema");
      return;
    }
    draft.name("response_format").startObject();
    draft.name("type");
    draft.plain("json_schema");
    draft.name("json_schema").startObject();
    draft.name("name");
    if (at[1].isText()) {
      draft.raw(at[1]);
    } else {
      draft.plain("response");
    }
    if (at[2].isString()) {
      draft.name("description");
      draft.raw(at[2]);
    }
    draft.name("schema");
    draft.raw(at[3]);
    if (at[4].isTrue() || at[4].isFalse()) {
      draft.name("strict");
      draft.raw(at[4]);
    }
    draft.json().endObject().endObject();
  }

  private @Nullable ReasoningEffort level(JsonSpan effort) {
    return switch (effort.word()) {
      case "none" -> ReasoningEffort.NONE;
      case "minimal", "low" -> ReasoningEffort.LOW;
      case "medium" -> ReasoningEffort.MEDIUM;
      case "high" -> ReasoningEffort.HIGH;
      case "xhigh" -> ReasoningEffort.XHIGH;
      case "max" -> ReasoningEffort.MAX;
      default -> {
        draft.wrong(
            "reasoning.effort",
            effort,
            "\"none\", \"minimal\", \"low\", \"medium\", \"high\", \"xhigh\" or \"max\"");
        yield null;
      }
    };
  }
}
