package io.llmproxy.bench.simulator;

/// The one shape of each provider.
final class Shapes {

  private static final Shape ANTHROPIC = new AnthropicShape();
  private static final Shape OPENAI = new OpenAiShape();
  private static final Shape GLM = new GlmShape();
  private static final Shape GROQ = new GroqShape();
  private static final Shape GROK = new GrokShape();

  private Shapes() {}

  static Shape of(SimulatedProvider provider) {
    return switch (provider) {
      case ANTHROPIC -> ANTHROPIC;
      case OPENAI -> OPENAI;
      case GLM -> GLM;
      case GROQ -> GROQ;
      case GROK -> GROK;
    };
  }
}
