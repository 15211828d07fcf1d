package io.llmproxy.provider.groq;

import io.llmproxy.provider.json.JsonKind;
import io.llmproxy.provider.request.ChatQuirks;
import io.llmproxy.provider.request.ObjectEdit;

/// What Groq refuses of a Chat Completions request: log probabilities, biases, names of speakers,
/// more than one choice, the role of a developer.
public final class GroqQuirks implements ChatQuirks {

  @Override
  public void adapt(ObjectEdit body) {
    body.remove("logprobs");
    body.remove("top_logprobs");
    body.remove("logit_bias");
    if (body.is("n", JsonKind.NULL)) {
      body.remove("n");
    } else if (body.has("n") && !body.text("n").equals("1")) {
      body.refuse("n", body.shown("n"), "1, since Groq gives one choice");
    }
    body.each("messages", GroqQuirks::adaptMessage);
  }

  private static void adaptMessage(ObjectEdit message) {
    message.remove("name");
    if (message.text("role").equals("\"developer\"")) {
      message.replace("role", "\"system\"");
    }
  }
}
