package io.llmproxy.provider.grok;

import io.llmproxy.provider.json.JsonKind;
import io.llmproxy.provider.request.ChatQuirks;
import io.llmproxy.provider.request.ObjectEdit;

/// What xAI refuses of a Chat Completions request: of reasoning models penalties and stop
/// sequences, of others an effort, of all an empty list of tools and the search that it has
/// retired.
public final class GrokQuirks implements ChatQuirks {
  private final GrokModel model;

  private GrokQuirks(GrokModel model) {
    this.model = model;
  }

  /// The quirks of `model`.
  public static ChatQuirks of(String model) {
    return new GrokQuirks(GrokModel.of(model));
  }

  @Override
  public void adapt(ObjectEdit body) {
    if (body.elements("tools") == 0) {
      body.remove("tools");
      body.remove("tool_choice");
    }
    if (model.reasons()) {
      body.remove("presence_penalty");
      body.remove("frequency_penalty");
      adaptStop(body);
    }
    if (!model.takesEffort()) {
      body.remove("reasoning_effort");
    }
    adaptSearch(body);
  }

  /// Penalties only colour an answer; where it stops is part of its meaning, so that is not dropped
  /// in silence.
  private static void adaptStop(ObjectEdit body) {
    if (body.is("stop", JsonKind.NULL) || body.elements("stop") == 0) {
      body.remove("stop");
    } else if (body.has("stop")) {
      body.refuse("stop", body.shown("stop"), "none, since xAI's reasoning models take none");
    }
  }

  private static void adaptSearch(ObjectEdit body) {
    if (body.is("search_parameters", JsonKind.NULL)) {
      body.remove("search_parameters");
    } else if (body.has("search_parameters")) {
      body.refuse(
          "search_parameters",
          body.shown("search_parameters"),
          "none, since xAI has retired live search; its Responses API has tools in its place");
    }
  }
}
