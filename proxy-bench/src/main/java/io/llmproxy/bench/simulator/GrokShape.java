package io.llmproxy.bench.simulator;

import static io.llmproxy.bench.simulator.Template.GAP;

import io.llmproxy.bench.simulator.rules.Denial;
import io.llmproxy.bench.simulator.rules.Denials;
import io.llmproxy.bench.simulator.rules.Refused;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.stream.Collectors;

/// Grok's chat completions: reasoning tokens stand beside the completion's, an error is a string.
final class GrokShape implements Shape {

  private static final List<AsciiString> HEADERS =
      Shape.fields(
          "x-ratelimit-limit-requests", "480",
          "x-ratelimit-limit-tokens", "2000000",
          "x-ratelimit-remaining-requests", "479",
          "x-ratelimit-remaining-tokens", "1999968");

  private static final String TAIL =
      ",\"system_fingerprint\":\"fp_1fb66439292298c7\",\"service_tier\":\"default\"}";

  private static final String USAGE =
      "{\"prompt_tokens\":"
          + (GAP + "i")
          + ",\"completion_tokens\":"
          + (GAP + "o")
          + ",\"total_tokens\":"
          + (GAP + "t")
          + ",\"prompt_tokens_details\":{\"text_tokens\":"
          + (GAP + "i")
          + ",\"audio_tokens\":0,\"image_tokens\":0,\"cached_tokens\":"
          + (GAP + "c")
          + "},\"completion_tokens_details\":{\"reasoning_tokens\":"
          + (GAP + "r")
          + ",\"audio_tokens\":0,\"accepted_prediction_tokens\":0,"
          + "\"rejected_prediction_tokens\":0},\"num_sources_used\":0,"
          + "\"cost_in_usd_ticks\":"
          + (GAP + "$")
          + "}";

  /// Nothing: the role rides on the first delta.
  @Override
  public String opening(Facts facts) {
    return "";
  }

  @Override
  public Frame first(Facts facts) {
    String text = facts.thinks() ? "\"content\":\"\",\"reasoning_content" : "\"content";
    return frame(facts, "\"role\":\"assistant\"," + text + "\":\"");
  }

  @Override
  public Frame reasoning(Facts facts) {
    return frame(facts, "\"reasoning_content\":\"");
  }

  @Override
  public Frame content(Facts facts) {
    return frame(facts, "\"content\":\"");
  }

  /// All calls whole in one chunk, with the role if nothing precedes it.
  @Override
  public List<String> toolRecords(Facts facts) {
    String role =
        facts.thinks() || facts.speaks() ? "" : "\"role\":\"assistant\",\"content\":\"\",";
    String calls =
        facts.calls().stream()
            .map(call ->
                "{\"id\":\""
                    + call.id()
                    + "\",\"function\":"
                    + call.function()
                    + ",\"index\":"
                    + call.index()
                    + ",\"type\":\"function\"}")
            .collect(Collectors.joining(",", "\"tool_calls\":[", "]"));
    return List.of(chunk(facts, "{" + role + calls + "}}]"));
  }

  @Override
  public String toolId(int index) {
    return "call_" + Shape.hex(98_302_173L + index, 8);
  }

  private static Frame frame(Facts facts, String fields) {
    String chunk = chunk(facts, "{" + fields + GAP + "\"}}]");
    int at = chunk.indexOf(GAP);
    return new Frame(chunk.substring(0, at), chunk.substring(at + 1));
  }

  @Override
  public String closing(Facts facts) {
    String last = chunk(facts, "{},\"finish_reason\":\"" + facts.finish() + "\"}]");
    String usage = head(facts) + "[],\"usage\":" + USAGE + TAIL + "\n\n";
    return last + (facts.includeUsage() ? usage : "") + "data: [DONE]\n\n";
  }

  private static String chunk(Facts facts, String rest) {
    return head(facts) + "[{\"index\":0,\"delta\":" + rest + TAIL + "\n\n";
  }

  private static String head(Facts facts) {
    return "data: {\"id\":\""
        + facts.id()
        + "\",\"object\":\"chat.completion.chunk\",\"created\":1795376900,\"model\":\""
        + facts.model()
        + "\",\"choices\":";
  }

  @Override
  public String errorRecord(Facts facts) {
    return "data: " + error(503, "", "") + "\n\n";
  }

  @Override
  public String whole(Facts facts) {
    return "{\"id\":\""
        + facts.id()
        + "\",\"object\":\"chat.completion\",\"created\":1795376900,\"model\":\""
        + facts.model()
        + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
        + (GAP + "T")
        + (facts.thinks() ? "\",\"reasoning_content\":\"" + (GAP + "R") : "")
        + "\""
        + OpenAiShape.wholeCalls(facts)
        + ",\"refusal\":null},\"finish_reason\":\""
        + facts.finish()
        + "\"}],\"usage\":"
        + USAGE
        + TAIL;
  }

  @Override
  public Refused denial(Denial denial) {
    return Denials.grok(denial);
  }

  @Override
  public String error(int status, String message, String requestId) {
    String own = message.isEmpty() ? words(status) : message;
    return "{\"code\":\"" + code(status) + "\",\"error\":\"" + Facts.escape(own) + "\"}";
  }

  /// A body that its types do not fit is refused in plain text.
  @Override
  public String refusal(Refused refused, String requestId) {
    return refused.status() == 422
        ? refused.words()
        : error(refused.status(), refused.words(), requestId);
  }

  @Override
  public AsciiString errorContentType(int status) {
    return AsciiString.cached(status == 422 ? "text/plain; charset=utf-8" : "application/json");
  }

  private static String code(int status) {
    return switch (status) {
      case 401 -> "Unauthenticated";
      case 403 -> "The caller does not have permission to execute the specified operation";
      case 404 -> "Some requested entity was not found";
      case 429 -> "Some resource has been exhausted";
      case 503 -> "The service is currently unavailable";
      default ->
          status < 500
              ? "Client specified an invalid argument"
              : "The service encountered an internal error";
    };
  }

  private static String words(int status) {
    return switch (status) {
      case 400 ->
          "Incorrect API key provided: xa***ey. You can obtain an API key from"
              + " https://console.x.ai.";
      case 401 -> "No API key provided. You can obtain an API key from https://console.x.ai.";
      case 404 -> "The model does not exist or your team does not have access to it.";
      case 429 -> "Too many requests. Please retry later.";
      case 503 ->
          "The model is at capacity and currently cannot serve this request. Please try again"
              + " later.";
      default -> "Something went wrong.";
    };
  }

  @Override
  public String models(List<String> names) {
    return OpenAiShape.openAiModels(names, "xai");
  }

  @Override
  public AsciiString streamContentType() {
    return AsciiString.cached("text/event-stream");
  }

  @Override
  public List<AsciiString> headers() {
    return HEADERS;
  }

  @Override
  public AsciiString requestIdHeader() {
    return AsciiString.cached("x-request-id");
  }

  @Override
  public String requestId(long number) {
    return "7b0d3a5e-0000-4000-8000-" + Shape.hex(number, 12);
  }

  @Override
  public String defaultId() {
    return "77bb004e-8f47-6a47-5fed-bef260ce8c54";
  }

  @Override
  public List<String> sampleReasoning() {
    return List.of("Adding", " numbers.");
  }

  @Override
  public List<String> sampleContent() {
    return List.of("303");
  }

  @Override
  public int wrongKeyStatus() {
    return 400;
  }
}
