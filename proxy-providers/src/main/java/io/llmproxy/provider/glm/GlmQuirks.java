package io.llmproxy.provider.glm;

import io.llmproxy.provider.json.JsonKind;
import io.llmproxy.provider.request.ChatQuirks;
import io.llmproxy.provider.request.ObjectEdit;

/// What GLM takes otherwise than Chat Completions says: the older name of the limit of tokens, one
/// stop word, temperatures up to 1, no choice among tools but its own, and nothing about how tokens
/// are drawn.
public final class GlmQuirks implements ChatQuirks {

  @Override
  public boolean takesStreamOptions() {
    return false;
  }

  @Override
  public void adapt(ObjectEdit body) {
    body.remove("frequency_penalty");
    body.remove("presence_penalty");
    body.remove("logit_bias");
    body.remove("logprobs");
    body.remove("top_logprobs");
    body.remove("n");
    body.remove("seed");
    adaptLimit(body);
    adaptStop(body);
    clamp(body, "temperature", "0");
    // 0 itself is refused here.
    clamp(body, "top_p", "0.01");
    adaptTools(body);
    body.inside("response_format", GlmQuirks::adaptFormat);
    body.each("messages", GlmQuirks::adaptMessage);
  }

  private static void adaptLimit(ObjectEdit body) {
    if (body.is("max_completion_tokens", JsonKind.NULL)) {
      body.remove("max_completion_tokens");
    } else if (body.has("max_completion_tokens")) {
      body.remove("max_tokens");
      body.rename("max_completion_tokens", "max_tokens");
    }
  }

  private static void adaptStop(ObjectEdit body) {
    if (body.is("stop", JsonKind.NULL) || body.elements("stop") == 0) {
      body.remove("stop");
    } else if (body.is("stop", JsonKind.STRING)) {
      body.enclose("stop", "[", "]");
    } else if (body.elements("stop") > 1) {
      body.refuse("stop", "a list of " + body.elements("stop"), "one stop word, as GLM takes it");
    }
  }

  private static void clamp(ObjectEdit body, String name, String least) {
    if (!body.is(name, JsonKind.NUMBER) || body.text(name).isEmpty()) {
      return;
    }
    double value = Double.parseDouble(body.text(name));
    if (value > 1) {
      body.replace(name, "1");
    } else if (value < Double.parseDouble(least)) {
      body.replace(name, least);
    }
  }

  private static void adaptTools(ObjectEdit body) {
    String choice = body.text("tool_choice");
    if (choice.equals("\"none\"")) {
      body.remove("tools");
      body.remove("tool_choice");
    } else if (body.has("tool_choice") && !choice.equals("\"auto\"")) {
      body.replace("tool_choice", "\"auto\"");
    }
    body.each("tools", tool -> tool.inside("function", function -> function.remove("strict")));
  }

  private static void adaptFormat(ObjectEdit format) {
    if (format.text("type").equals("\"json_schema\"")) {
      format.refuse("type", "json_schema", "json_object or text, since GLM takes no schema");
    }
  }

  private static void adaptMessage(ObjectEdit message) {
    message.remove("name");
    if (message.text("role").equals("\"developer\"")) {
      message.replace("role", "\"system\"");
    }
  }
}
