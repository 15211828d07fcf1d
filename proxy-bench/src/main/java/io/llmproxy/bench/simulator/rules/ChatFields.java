package io.llmproxy.bench.simulator.rules;

/// The fields of Chat Completions as OpenAI knows them; others take them as a start.
final class ChatFields {

  static final Fields OPENAI =
      Fields.of(
          """
          string:  model reasoning_effort verbosity prompt_cache_key prompt_cache_retention
          string:  service_tier user safety_identifier
          array:   messages tools modalities functions
          boolean: parallel_tool_calls logprobs stream store
          integer: max_completion_tokens max_tokens top_logprobs seed n
          number:  temperature top_p presence_penalty frequency_penalty
          texts:   stop
          object:  logit_bias response_format stream_options prompt_cache_options metadata audio
          object:  prediction web_search_options moderation
          choice:  tool_choice function_call
          """);

  private ChatFields() {}
}
