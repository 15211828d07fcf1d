package io.llmproxy.provider.openai;

import io.llmproxy.provider.request.ChatQuirks;
import io.llmproxy.provider.request.ObjectEdit;
import java.util.regex.Pattern;

/// What OpenAI's reasoning models take otherwise than its other ones: the limit of tokens under its
/// newer name only. What else they refuse is for the caller to hear from OpenAI.
public final class OpenAiQuirks implements ChatQuirks {
  private static final Pattern REASONING = Pattern.compile("(ft:)?(o\\d|gpt-([5-9]|\\d\\d)).*");

  private static final ChatQuirks OF_REASONING = new OpenAiQuirks();

  private OpenAiQuirks() {}

  /// The quirks of `model`.
  public static ChatQuirks of(String model) {
    return REASONING.matcher(model).matches() ? OF_REASONING : ChatQuirks.NONE;
  }

  @Override
  public boolean concernsMaxTokensAlone() {
    return true;
  }

  @Override
  public void adapt(ObjectEdit body) {
    if (body.has("max_completion_tokens")) {
      body.remove("max_tokens");
    } else {
      body.rename("max_tokens", "max_completion_tokens");
    }
  }
}
