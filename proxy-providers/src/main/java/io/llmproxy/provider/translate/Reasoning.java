package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How hard the model is to think, and how much it may say in all: `reasoning_effort` and the limit
/// of tokens, which depend on one another where thinking has a budget.
///
/// @param type of `thinking`, null where it is not mentioned
/// @param budget of thinking in tokens, 0 where it has none
/// @param effort of `output_config`, null where it is not mentioned
/// @param maxTokens of thinking and answer together
record Reasoning(@Nullable String type, long budget, @Nullable String effort, long maxTokens) {
  private static final List<String> EFFORTS =
      List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  /// Anthropic's least.
  private static final long LEAST_BUDGET = 1024;

  static Reasoning of(ChatRequest request, Conversation conversation) {
    long maxTokens = maxTokens(request);
    Members<ChatField> fields = request.fields();
    if (!fields.has(ChatField.REASONING_EFFORT)) {
      return new Reasoning(null, 0, null, maxTokens);
    }
    String asked = fields.text(ChatField.REASONING_EFFORT);
    if (!EFFORTS.contains(asked)) {
      request.refuse(
          ChatField.REASONING_EFFORT, "\"" + asked + "\"", "one of " + String.join(", ", EFFORTS));
      return new Reasoning(null, 0, null, maxTokens);
    }
    return asked.equals("none")
        ? none(request, maxTokens)
        : some(request, conversation, asked, maxTokens);
  }

  /// Whether thinking was asked for, so that sampling parameters are refused.
  boolean isOn() {
    return budget > 0 || "adaptive".equals(type);
  }

  /// Whether thinking has a budget, so that no call can be forced.
  boolean hasBudget() {
    return budget > 0;
  }

  void write(JsonWriter out) {
    if (type == null) {
      return;
    }
    out.name("thinking").startObject().name("type").string(type);
    if (budget > 0) {
      out.name("budget_tokens").number(budget);
    }
    if (type.equals("adaptive")) {
      out.name("display").string("summarized");
    }
    out.endObject();
  }

  private static Reasoning none(ChatRequest request, long maxTokens) {
    return switch (request.model().thinking()) {
      // The least there is of what cannot be turned off.
      case ALWAYS -> new Reasoning(null, 0, "low", maxTokens);
      case BETWEEN_TOOLS -> new Reasoning("between_tools", 0, null, maxTokens);
      case ADAPTIVE -> new Reasoning("disabled", 0, null, maxTokens);
      case BUDGET, NONE -> new Reasoning(null, 0, null, maxTokens);
    };
  }

  private static Reasoning some(
      ChatRequest request, Conversation conversation, String asked, long maxTokens) {
    return switch (request.model().thinking()) {
      case ALWAYS, BETWEEN_TOOLS, ADAPTIVE ->
          new Reasoning("adaptive", 0, effort(request.model(), asked), maxTokens);
      case BUDGET -> {
        // A turn that goes on must begin with its thinking, which a Chat request does not carry.
        if (conversation.continuesTurn()) {
          request.drop(ChatField.REASONING_EFFORT);
          yield new Reasoning(null, 0, null, maxTokens);
        }
        yield budgeted(asked, maxTokens);
      }
      case NONE -> {
        request.drop(ChatField.REASONING_EFFORT);
        yield new Reasoning(null, 0, null, maxTokens);
      }
    };
  }

  /// The budget is a share of the limit. A limit too small for the least budget is raised by it, so
  /// that as much is left for the answer as the caller allows.
  private static Reasoning budgeted(String asked, long maxTokens) {
    long percent =
        switch (asked) {
          case "minimal", "low" -> 20;
          case "medium" -> 50;
          case "high" -> 80;
          default -> 95;
        };
    long budget = Math.max(LEAST_BUDGET, maxTokens * percent / 100);
    long limit = maxTokens > budget ? maxTokens : maxTokens + budget;
    return new Reasoning("enabled", budget, null, limit);
  }

  private static @Nullable String effort(MessagesModel model, String asked) {
    String wanted = asked.equals("minimal") ? "low" : asked;
    if (model.efforts().isEmpty() || model.efforts().contains(wanted)) {
      return model.efforts().isEmpty() ? null : wanted;
    }
    return model.efforts().contains("high") ? "high" : model.efforts().getLast();
  }

  private static long maxTokens(ChatRequest request) {
    Members<ChatField> fields = request.fields();
    ChatField field =
        fields.has(ChatField.MAX_COMPLETION_TOKENS)
            ? ChatField.MAX_COMPLETION_TOKENS
            : ChatField.MAX_TOKENS;
    long most = request.model().maxOutputTokens();
    if (!fields.has(field)) {
      return most;
    }
    long asked = fields.count(field);
    if (asked < 1) {
      request.refuse(field, fields.written(field), "a number of tokens, 1 or more");
      return most;
    }
    return Math.min(asked, most);
  }
}
