package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonWriter;
import io.llmproxy.provider.wire.Usage;

/// The usage object of Chat Completions. Its counts overlap where those of [Usage] do not: the
/// prompt's include what was read from and written to a cache, the completion's include reasoning.
final class ChatUsageText {
  private ChatUsageText() {}

  static void write(JsonWriter out, Usage usage) {
    long prompt = usage.totalInput();
    long completion = usage.totalOutput();
    out.startObject();
    out.name("prompt_tokens").number(prompt);
    out.name("completion_tokens").number(completion);
    out.name("total_tokens").number(prompt + completion);
    out.name("prompt_tokens_details").startObject();
    out.name("cached_tokens").number(usage.cachedInput());
    out.name("cache_write_tokens").number(usage.cacheWrite());
    out.name("audio_tokens").number(usage.inputAudio()).endObject();
    out.name("completion_tokens_details").startObject();
    out.name("reasoning_tokens").number(usage.reasoning());
    out.name("audio_tokens").number(usage.outputAudio()).endObject();
    out.endObject();
  }
}
