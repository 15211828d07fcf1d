package io.llmproxy.bench.simulator;

import static io.llmproxy.bench.simulator.Template.GAP;

/// The usage of an answer in Responses, as each provider writes it, and two that are bait.
final class ResponsesUsage {

  static final String OPENAI =
      "{\"input_tokens\":"
          + (GAP + "i")
          + ",\"input_tokens_details\":{\"cached_tokens\":"
          + (GAP + "c")
          + ",\"cache_write_tokens\":"
          + (GAP + "w")
          + ",\"cache_write_tokens_details\":{\"ttl_30m_tokens\":"
          + (GAP + "w")
          + ",\"ttl_12h_tokens\":0}},\"output_tokens\":"
          + (GAP + "a")
          + ",\"output_tokens_details\":{\"reasoning_tokens\":"
          + (GAP + "r")
          + "},\"total_tokens\":"
          + (GAP + "t")
          + "}";

  static final String GROK =
      "{\"input_tokens\":"
          + (GAP + "i")
          + ",\"input_tokens_details\":{\"cached_tokens\":"
          + (GAP + "c")
          + "},\"output_tokens\":"
          + (GAP + "a")
          + ",\"output_tokens_details\":{\"reasoning_tokens\":"
          + (GAP + "r")
          + "},\"total_tokens\":"
          + (GAP + "t")
          + "}";

  static final String ZERO = "{\"input_tokens\":0,\"output_tokens\":0,\"total_tokens\":0}";

  static final String LITTLE = "{\"input_tokens\":1,\"output_tokens\":1,\"total_tokens\":2}";

  private ResponsesUsage() {}
}
