package io.llmproxy.provider.translate;

import org.jspecify.annotations.Nullable;

/// Writes how much a chat request asks its model to think, and the shape of the answer.
final class ChatReasoning {
  private static final MemberNames THINKING = MemberNames.of("type", "budget_tokens", "display");
  private static final MemberNames FORMAT = MemberNames.of("type", "schema");

  private final ChatDraft draft;

  ChatReasoning(ChatDraft draft) {
    this.draft = draft;
  }

  /// `effort` is of `output_config`.
  void writeEffort(JsonSpan thinking, JsonSpan effort) {
    JsonSpan[] at = thinking.members(THINKING);
    if (at[2].isPresent()) {
      draft.drop("thinking.display");
    }
    ReasoningEffort asked = asked(thinking, at, effort);
    String field = thinking.isPresent() ? "thinking" : "output_config.effort";
    if (draft.target() == ChatTarget.GLM && thinking.isPresent()) {
      writeGlmSwitch(asked != ReasoningEffort.NONE);
    }
    // Adaptive thinking without a level is what models that think do unasked.
    ReasoningEffort level = asked == null && thinking.isPresent() ? ReasoningEffort.HIGH : asked;
    String word = level == null ? "" : level.word(draft.model());
    if (asked != null && !word.isEmpty()) {
      draft.name("reasoning_effort");
      draft.plain(word);
    }
    boolean switched = draft.target() == ChatTarget.GLM && thinking.isPresent();
    if (level != null && word.isEmpty() && !switched) {
      draft.drop(field);
    }
  }

  /// `format` is of `output_config`, or what it was called before, `field`.
  void writeFormat(String field, JsonSpan format) {
    JsonSpan[] at = format.members(FORMAT);
    if (!at[0].is("json_schema") || !at[1].isObject()) {
      draft.wrong(field, format, "an object of type json_schema with a schema");
      return;
    }
    if (!draft.target().takesSchema()) {
      draft.refuse(
          field,
          "a JSON schema (expected: none; the provider of "
              + draft.model().name()
              + " takes no schema for its answers)");
      return;
    }
    draft.name("response_format").startObject();
    draft.name("type");
    draft.plain("json_schema");
    draft.name("json_schema").startObject();
    draft.name("name");
    draft.plain("response");
    draft.name("schema");
    draft.raw(at[1]);
    if (StrictSchema.allows(at[1])) {
      draft.name("strict").bool(true);
    }
    draft.json().endObject().endObject();
  }

  /// Null where nothing is asked for that has a level.
  private @Nullable ReasoningEffort asked(JsonSpan thinking, JsonSpan[] at, JsonSpan effort) {
    ReasoningEffort level = effort.isPresent() ? level(effort) : null;
    if (!thinking.isPresent()) {
      return level;
    }
    return switch (at[0].word()) {
      // Thinking between calls of tools alone has no counterpart but the least there is.
      case "disabled", "between_tools" -> ReasoningEffort.NONE;
      case "adaptive" -> level;
      case "enabled" -> level == null ? ofBudget(at[1]) : level;
      default -> {
        draft.wrong(
            "thinking.type", at[0], "\"adaptive\", \"enabled\", \"disabled\" or \"between_tools\"");
        yield null;
      }
    };
  }

  private @Nullable ReasoningEffort ofBudget(JsonSpan budget) {
    if (budget.isCount()) {
      return ReasoningEffort.ofBudget(budget.count());
    }
    draft.wrong("thinking.budget_tokens", budget, "a number of tokens");
    return null;
  }

  private @Nullable ReasoningEffort level(JsonSpan effort) {
    return switch (effort.word()) {
      case "low" -> ReasoningEffort.LOW;
      case "medium" -> ReasoningEffort.MEDIUM;
      case "high" -> ReasoningEffort.HIGH;
      case "xhigh" -> ReasoningEffort.XHIGH;
      case "max" -> ReasoningEffort.MAX;
      default -> {
        draft.wrong(
            "output_config.effort", effort, "\"low\", \"medium\", \"high\", \"xhigh\" or \"max\"");
        yield null;
      }
    };
  }

  /// GLM's own switch; some of its models refuse to have it off.
  private void writeGlmSwitch(boolean on) {
    draft.name("thinking").startObject();
    draft.name("type");
    draft.plain(on || draft.model().alwaysThinks() ? "enabled" : "disabled");
    draft.json().endObject();
  }
}
