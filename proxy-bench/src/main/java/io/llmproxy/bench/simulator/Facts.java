package io.llmproxy.bench.simulator;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;

/// What a shape must know to render the constant parts of a reply; strings are escaped for JSON.
///
/// @param includeUsage whether the client asked for a usage chunk
/// @param obfuscation whether OpenAI's padding field is sent
/// @param thinks whether reasoning precedes the text
/// @param speaks whether it has any text
/// @param refuses whether the model declines to answer
/// @param toolStream whether GLM is to send arguments as they come
/// @param finish why the answer ends, in OpenAI's words or the provider's own
/// @param tier OpenAI's service tier
record Facts(
    String model,
    String id,
    boolean includeUsage,
    boolean obfuscation,
    boolean thinks,
    boolean speaks,
    boolean refuses,
    boolean toolStream,
    List<ToolCall> calls,
    String finish,
    String tier) {

  static String escape(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text));
  }
}
