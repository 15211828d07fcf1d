package io.llmproxy.bench.simulator;

import static io.llmproxy.bench.simulator.Template.GAP;

import io.llmproxy.bench.simulator.rules.Denial;
import io.llmproxy.bench.simulator.rules.Denials;
import io.llmproxy.bench.simulator.rules.Refused;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.stream.Collectors;

/// Groq's Chat Completions: its reasoning has its own field, its usage comes unasked under
/// `x_groq`.
final class GroqShape implements Shape {

  private static final List<AsciiString> HEADERS =
      Shape.fields(
          "x-groq-region", "us-west-1",
          "x-ratelimit-limit-requests", "14400",
          "x-ratelimit-limit-tokens", "6000",
          "x-ratelimit-remaining-requests", "14370",
          "x-ratelimit-remaining-tokens", "5234",
          "x-ratelimit-reset-requests", "2m59.56s",
          "x-ratelimit-reset-tokens", "7.66s");

  private static final String GROQ_ID = "\"id\":\"req_01m48tqzdve5v8d97j7jgm40as\"";

  private static final String USAGE =
      "{\"queue_time\":0.061348671,\"prompt_tokens\":"
          + (GAP + "i")
          + ",\"prompt_time\":0.00391,\"completion_tokens\":"
          + (GAP + "a")
          + ",\"completion_time\":0.1921,\"total_tokens\":"
          + (GAP + "t")
          + ",\"total_time\":0.19601,\"prompt_tokens_details\":{\"cached_tokens\":"
          + (GAP + "c")
          + "},\"completion_tokens_details\":{\"reasoning_tokens\":"
          + (GAP + "r")
          + "}}";

  @Override
  public String opening(Facts facts) {
    return chunk(
        facts,
        "{\"role\":\"assistant\",\"content\":" + (facts.speaks() ? "\"\"" : "null") + "}",
        "null",
        ",\"x_groq\":{" + GROQ_ID + ",\"seed\":1321871292}");
  }

  @Override
  public Frame reasoning(Facts facts) {
    return frame(facts, "{\"channel\":\"analysis\",\"reasoning\":\"" + GAP + "\"}");
  }

  @Override
  public Frame content(Facts facts) {
    return frame(facts, "{\"channel\":\"final\",\"content\":\"" + GAP + "\"}");
  }

  /// All calls whole in one delta.
  @Override
  public List<String> toolRecords(Facts facts) {
    String calls =
        facts.calls().stream()
            .map(call ->
                "{\"id\":\""
                    + call.id()
                    + "\",\"type\":\"function\",\"function\":"
                    + call.function()
                    + ",\"index\":"
                    + call.index()
                    + "}")
            .collect(Collectors.joining(",", "{\"tool_calls\":[", "]}"));
    return List.of(chunk(facts, calls, "null", ""));
  }

  @Override
  public String toolId(int index) {
    return "fc_0bd9b0a8-" + (index + 1);
  }

  private static Frame frame(Facts facts, String delta) {
    String chunk = chunk(facts, delta, "null", "");
    int at = chunk.indexOf(GAP);
    return new Frame(chunk.substring(0, at), chunk.substring(at + 1));
  }

  @Override
  public String closing(Facts facts) {
    String last =
        chunk(
            facts,
            "{}",
            "\"" + facts.finish() + "\"",
            ",\"x_groq\":{" + GROQ_ID + ",\"usage\":" + USAGE + "}");
    String usage = head(facts) + "[],\"usage\":" + USAGE + "}\n\n";
    return last + (facts.includeUsage() ? usage : "") + "data: [DONE]\n\n";
  }

  private static String chunk(Facts facts, String delta, String finish, String more) {
    return head(facts)
        + "[{\"index\":0,\"delta\":"
        + delta
        + ",\"logprobs\":null,\"finish_reason\":"
        + finish
        + "}]"
        + (facts.includeUsage() ? ",\"usage\":null" : "")
        + more
        + "}\n\n";
  }

  private static String head(Facts facts) {
    return "data: {\"id\":\""
        + facts.id()
        + "\",\"object\":\"chat.completion.chunk\",\"created\":1795376800,\"model\":\""
        + facts.model()
        + "\",\"system_fingerprint\":\"fp_179b0f92c9\",\"choices\":";
  }

  @Override
  public String errorRecord(Facts facts) {
    return "data: {\"error\":{\"message\":\"Internal Server Error\","
        + "\"type\":\"internal_server_error\"}}\n\n";
  }

  @Override
  public String whole(Facts facts) {
    return "{\"id\":\""
        + facts.id()
        + "\",\"object\":\"chat.completion\",\"created\":1795376800,\"model\":\""
        + facts.model()
        + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\""
        + (facts.speaks() ? ",\"content\":\"" + GAP + "T\"" : "")
        + (facts.thinks() ? ",\"reasoning\":\"" + GAP + "R\"" : "")
        + OpenAiShape.wholeCalls(facts)
        + "},\"logprobs\":null,\"finish_reason\":\""
        + facts.finish()
        + "\"}],\"usage\":"
        + USAGE
        + ",\"usage_breakdown\":null,\"system_fingerprint\":\"fp_179b0f92c9\",\"x_groq\":{"
        + GROQ_ID
        + ",\"seed\":1321871292},\"service_tier\":\"on_demand\"}";
  }

  @Override
  public Refused denial(Denial denial) {
    return Denials.groq(denial);
  }

  @Override
  public String error(int status, String message, String requestId) {
    String own = message.isEmpty() ? words(status) : message;
    String code = code(status);
    return "{\"error\":{\"message\":\""
        + Facts.escape(own)
        + "\",\"type\":\""
        + type(status)
        + (code.isEmpty() ? "" : "\",\"code\":\"" + code)
        + "\"}}";
  }

  @Override
  public String refusal(Refused refused, String requestId) {
    String code = refused.code();
    if (code.isEmpty()) {
      return error(refused.status(), refused.words(), requestId);
    }
    return "{\"error\":{\"message\":\""
        + Facts.escape(refused.words())
        + "\",\"type\":\"invalid_request_error\""
        + (refused.param().isEmpty() ? "" : ",\"param\":\"" + refused.param() + "\"")
        + ",\"code\":\""
        + code
        + "\"}}";
  }

  private static String words(int status) {
    return switch (status) {
      case 401 -> "Invalid API Key";
      case 404 -> "The model does not exist or you do not have access to it.";
      case 413, 429 ->
          "Rate limit reached for model `openai/gpt-oss-120b` in organization `org_example` service"
              + " tier `on_demand` on tokens per minute (TPM): Limit 6000, Used 5500, Requested"
              + " 1266. Please try again in 7.66s.";
      case 503 ->
          "openai/gpt-oss-120b is currently over capacity. Please try again and back off"
              + " exponentially. Visit https://groqstatus.com to see if there is an active"
              + " incident.";
      default -> status < 500 ? "Invalid request." : "Internal Server Error";
    };
  }

  private static String type(int status) {
    return switch (status) {
      case 413, 429 -> "tokens";
      default -> status < 500 ? "invalid_request_error" : "internal_server_error";
    };
  }

  private static String code(int status) {
    return switch (status) {
      case 401 -> "invalid_api_key";
      case 404 -> "model_not_found";
      case 413, 429 -> "rate_limit_exceeded";
      case 498 -> "capacity_exceeded";
      default -> "";
    };
  }

  @Override
  public String models(List<String> names) {
    return OpenAiShape.openAiModels(names, "Groq");
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
    return "req_01" + Shape.hex(number, 24);
  }

  @Override
  public String defaultId() {
    return "chatcmpl-7c1f2f0a-5d2e-4b8a-9c3d-1e2f3a4b5c6d";
  }

  @Override
  public List<String> sampleReasoning() {
    return List.of("User asks capital", " of France.");
  }

  @Override
  public List<String> sampleContent() {
    return List.of("Paris", ".");
  }
}
