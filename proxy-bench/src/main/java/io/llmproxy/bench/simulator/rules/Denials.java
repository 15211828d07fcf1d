package io.llmproxy.bench.simulator.rules;

/// Each provider's words for each [Denial].
///
/// What they send for a conversation that ends with the assistant is here as well; only Anthropic
/// is known to refuse that.
public final class Denials {

  private static final int PAYMENT_REQUIRED = 402;
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;

  private Denials() {}

  /// Anthropic's refusal of a conversation that ends with the assistant, as of newer models.
  public static Refused prefill() {
    return new Refused(
        "This model does not support assistant message prefill. The conversation must end with a"
            + " user message.");
  }

  public static Refused anthropic(Denial denial) {
    return switch (denial) {
      case CONTEXT_LENGTH -> new Refused("prompt is too long: 1004012 tokens > 1000000 maximum");
      case CONTENT_POLICY -> new Refused("Output blocked by content filtering policy");
      case QUOTA ->
          new Refused(
              PAYMENT_REQUIRED,
              "Your credit balance is too low to access the Anthropic API. Please go to Plans &"
                  + " Billing to upgrade or purchase credits.",
              "",
              "");
    };
  }

  public static Refused openAi(Denial denial) {
    return switch (denial) {
      case CONTEXT_LENGTH ->
          new Refused(
              400,
              "This model's maximum context length is 922000 tokens. However, your messages resulted"
                  + " in 930123 tokens. Please reduce the length of the messages.",
              "messages",
              "context_length_exceeded");
      case CONTENT_POLICY ->
          new Refused(
              400,
              "Invalid prompt: your prompt was flagged as potentially violating our usage policy."
                  + " Please try again with a different prompt.",
              "",
              "invalid_prompt");
      case QUOTA ->
          new Refused(
              TOO_MANY,
              "You exceeded your current quota, please check your plan and billing details. For more"
                  + " information on this error, read the docs:"
                  + " https://platform.openai.com/docs/guides/error-codes/api-errors.",
              "",
              "insufficient_quota");
    };
  }

  public static Refused glm(Denial denial) {
    return switch (denial) {
      case CONTEXT_LENGTH -> new Refused(400, "Prompt 超长", "", "1261");
      case CONTENT_POLICY ->
          new Refused(400, "系统检测到输入或生成内容可能包含不安全或敏感内容，请您避免输入易产生敏感内容的提示语，感谢您的配合", "", "1301");
      case QUOTA -> new Refused(TOO_MANY, "您的账户已欠费，请充值后重试", "", "1113");
    };
  }

  /// Groq filters nothing itself: what stands for its content policy is OpenAI's code.
  public static Refused groq(Denial denial) {
    return switch (denial) {
      case CONTEXT_LENGTH ->
          new Refused(
              400,
              "Please reduce the length of the messages or completion.",
              "messages",
              "context_length_exceeded");
      case CONTENT_POLICY ->
          new Refused(
              400,
              "The request was rejected by the content policy.",
              "",
              "content_policy_violation");
      case QUOTA ->
          new Refused(
              TOO_MANY,
              "Rate limit reached for model `openai/gpt-oss-120b` in organization `org_example`"
                  + " service tier `on_demand` on tokens per day (TPD): Limit 200000, Used 200000,"
                  + " Requested 1266. Please try again in 9m7.2s.",
              "",
              "");
    };
  }

  public static Refused grok(Denial denial) {
    return switch (denial) {
      case CONTEXT_LENGTH ->
          new Refused(
              "This model's maximum prompt length is 256000 but the request contains 300012 tokens.");
      case CONTENT_POLICY -> new Refused(FORBIDDEN, "Content violates usage guidelines.", "", "");
      case QUOTA ->
          new Refused(
              TOO_MANY,
              "Your team has either used all available credits or reached its monthly spending"
                  + " limit. To continue making API requests, please purchase more credits or raise"
                  + " your spending limit.",
              "",
              "");
    };
  }
}
