package io.llmproxy.bench.sdk;

import com.anthropic.client.AnthropicClient;
import com.openai.client.OpenAIClient;

/// Both official SDKs before one proxy.
record Clients(OpenAIClient openAi, AnthropicClient anthropic) {

  /// The same asking again up to so many times.
  Clients retrying(int times) {
    return new Clients(
        openAi.withOptions(options -> options.maxRetries(times)),
        anthropic.withOptions(options -> options.maxRetries(times)));
  }

  /// The same for whom the proxy asks a provider once for each request, whatever it might repeat.
  Clients alone() {
    return new Clients(
        openAi.withOptions(options -> options.putHeader("x-llmproxy-max-attempts", "1")),
        anthropic.withOptions(options -> options.putHeader("x-llmproxy-max-attempts", "1")));
  }
}
