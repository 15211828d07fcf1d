package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Marks blocks as the end of what is to be cached: as callers of Anthropic's models say it in the
/// Chat dialect, `cache_control`, or as OpenAI's models take it, `prompt_cache_breakpoint`.
final class CacheMarks {
  /// Anthropic refuses more.
  private static final int MOST = 4;

  private static final byte[] EPHEMERAL = "{\"type\":\"ephemeral\"}".getBytes(US_ASCII);

  private final byte[] body;
  private final Findings findings;
  private int count;

  CacheMarks(ChatRequest request) {
    body = request.body();
    findings = request.findings();
  }

  /// Marks the open block with the member `name`, a `cache_control`, if it is there.
  <K extends Enum<K>> void control(Blocks blocks, Members<K> members, K name) {
    if (members.first(name) == '{' && blocks.isCacheable()) {
      count++;
      blocks.cacheControl(body, members.from(name), members.to(name));
    }
  }

  /// Marks the open block if the member `name`, a `prompt_cache_breakpoint`, is there; it lives as
  /// long as Anthropic's marks do by default.
  <K extends Enum<K>> void breakpoint(Blocks blocks, Members<K> members, K name) {
    if (members.first(name) != '{' || !blocks.isCacheable()) {
      return;
    }
    if (count == MOST) {
      findings.drop("prompt_cache_breakpoint");
      return;
    }
    count++;
    blocks.cacheControl(EPHEMERAL, 0, EPHEMERAL.length);
  }
}
