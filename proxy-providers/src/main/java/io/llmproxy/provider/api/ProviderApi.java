package io.llmproxy.provider.api;

import io.llmproxy.provider.glm.GlmQuirks;
import io.llmproxy.provider.grok.GrokQuirks;
import io.llmproxy.provider.groq.GroqQuirks;
import io.llmproxy.provider.openai.OpenAiQuirks;
import io.llmproxy.provider.request.ChatQuirks;
import io.llmproxy.provider.translate.ChatTarget;
import io.llmproxy.provider.wire.Dialect;
import io.llmproxy.provider.wire.Operation;
import java.util.EnumSet;
import java.util.Set;

/// One provider's API: what it answers, in which dialect, and what it takes otherwise than that
/// dialect says.
public enum ProviderApi {
  ANTHROPIC(Dialect.ANTHROPIC_MESSAGES, Operation.MESSAGES, Operation.COUNT_TOKENS),
  OPENAI(
      Dialect.OPENAI_CHAT, Operation.CHAT_COMPLETIONS, Operation.RESPONSES, Operation.EMBEDDINGS),
  GLM(Dialect.OPENAI_CHAT, Operation.CHAT_COMPLETIONS, Operation.EMBEDDINGS),
  /// Its Responses are a beta without much of what the dialect says: they are translated.
  GROQ(Dialect.OPENAI_CHAT, Operation.CHAT_COMPLETIONS),
  GROK(Dialect.OPENAI_CHAT, Operation.CHAT_COMPLETIONS, Operation.RESPONSES),
  /// Any other server of Chat Completions.
  OPENAI_COMPATIBLE(Dialect.OPENAI_CHAT, Operation.CHAT_COMPLETIONS, Operation.EMBEDDINGS),
  /// Any other server of Messages.
  ANTHROPIC_COMPATIBLE(Dialect.ANTHROPIC_MESSAGES, Operation.MESSAGES, Operation.COUNT_TOKENS);

  private static final ChatQuirks OF_GLM = new GlmQuirks();
  private static final ChatQuirks OF_GROQ = new GroqQuirks();

  private final Dialect dialect;
  private final Set<Operation> answered;

  ProviderApi(Dialect dialect, Operation first, Operation... more) {
    this.dialect = dialect;
    this.answered = EnumSet.of(first, more);
  }

  /// The dialect into which a request is translated that it does not answer as it is.
  public Dialect dialect() {
    return dialect;
  }

  /// Whether it answers the operation in the caller's own dialect.
  public boolean answers(Operation operation) {
    return answered.contains(operation);
  }

  /// Whether a stream reports usage only where the request asks for it.
  public boolean asksForUsage() {
    return switch (this) {
      case OPENAI, GROQ, GROK, OPENAI_COMPATIBLE -> true;
      case GLM, ANTHROPIC, ANTHROPIC_COMPATIBLE -> false;
    };
  }

  /// Whether what it says of an error is what callers of `caller` expect, so that they can be shown
  /// its very bytes.
  public boolean tellsErrorsAs(Dialect caller) {
    return switch (this) {
      case ANTHROPIC, ANTHROPIC_COMPATIBLE -> caller == Dialect.ANTHROPIC_MESSAGES;
      case OPENAI, GROQ, OPENAI_COMPATIBLE -> caller != Dialect.ANTHROPIC_MESSAGES;
      case GLM, GROK -> false;
    };
  }

  ChatQuirks quirks(String model) {
    return switch (this) {
      case OPENAI -> OpenAiQuirks.of(model);
      case GLM -> OF_GLM;
      case GROQ -> OF_GROQ;
      case GROK -> GrokQuirks.of(model);
      case OPENAI_COMPATIBLE, ANTHROPIC, ANTHROPIC_COMPATIBLE -> ChatQuirks.NONE;
    };
  }

  ChatTarget chatTarget() {
    return switch (this) {
      case OPENAI -> ChatTarget.OPENAI;
      case GLM -> ChatTarget.GLM;
      case GROQ -> ChatTarget.GROQ;
      case GROK -> ChatTarget.GROK;
      case OPENAI_COMPATIBLE, ANTHROPIC, ANTHROPIC_COMPATIBLE -> ChatTarget.COMPATIBLE;
    };
  }
}
