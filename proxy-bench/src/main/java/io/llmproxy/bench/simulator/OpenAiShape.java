package io.llmproxy.bench.simulator;

import static io.llmproxy.bench.simulator.Template.GAP;

import io.llmproxy.bench.simulator.rules.Denial;
import io.llmproxy.bench.simulator.rules.Denials;
import io.llmproxy.bench.simulator.rules.Refused;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// OpenAI Chat Completions.
final class OpenAiShape implements Shape {

  private static final List<AsciiString> HEADERS =
      Shape.fields(
          "openai-version", "2020-10-01",
          "openai-organization", "org-example",
          "openai-processing-ms", "12",
          "x-ratelimit-limit-requests", "500",
          "x-ratelimit-limit-tokens", "200000",
          "x-ratelimit-remaining-requests", "499",
          "x-ratelimit-remaining-tokens", "149984",
          "x-ratelimit-reset-requests", "120ms",
          "x-ratelimit-reset-tokens", "6m0s");

  private static final String TEXT = "\"" + GAP + "T\"";

  private static final String USAGE =
      "{\"prompt_tokens\":"
          + (GAP + "i")
          + ",\"completion_tokens\":"
          + (GAP + "a")
          + ",\"total_tokens\":"
          + (GAP + "t")
          + ",\"prompt_tokens_details\":{\"cached_tokens\":"
          + (GAP + "c")
          + ",\"audio_tokens\":0,\"cache_write_tokens\":"
          + (GAP + "w")
          + "},\"completion_tokens_details\":{\"reasoning_tokens\":"
          + (GAP + "r")
          + ",\"audio_tokens\":0,\"accepted_prediction_tokens\":0,"
          + "\"rejected_prediction_tokens\":0}}";

  @Override
  public String opening(Facts facts) {
    String content = facts.speaks() ? "\"\"" : "null";
    return chunk(
        facts,
        "{\"role\":\"assistant\",\"content\":" + content + ",\"refusal\":null}",
        "null",
        "Xq7");
  }

  @Override
  public @Nullable Frame reasoning(Facts facts) {
    return null;
  }

  @Override
  public Frame content(Facts facts) {
    return frame(facts, "content");
  }

  @Override
  public Frame refusal(Facts facts) {
    return frame(facts, "refusal");
  }

  private static Frame frame(Facts facts, String field) {
    String chunk = chunk(facts, "{\"" + field + "\":\"" + GAP + "\"}", "null", "k2Pq");
    int at = chunk.indexOf(GAP);
    return new Frame(chunk.substring(0, at), chunk.substring(at + 1));
  }

  /// First each call's beginning, then their arguments in turns.
  @Override
  public List<String> toolRecords(Facts facts) {
    List<String> records = new ArrayList<>();
    int most = 0;
    for (ToolCall call : facts.calls()) {
      String start =
          ",\"id\":\"" + call.id() + "\",\"type\":\"function\",\"function\":" + call.function("");
      records.add(toolChunk(facts, call, start));
      most = Math.max(most, call.fragments().size());
    }
    for (int i = 0; i < most; i++) {
      for (ToolCall call : facts.calls()) {
        if (i < call.fragments().size()) {
          String part = Facts.escape(call.fragments().get(i));
          records.add(toolChunk(facts, call, ",\"function\":{\"arguments\":\"" + part + "\"}"));
        }
      }
    }
    return records;
  }

  private static String toolChunk(Facts facts, ToolCall call, String rest) {
    String delta = "{\"tool_calls\":[{\"index\":" + call.index() + rest + "}]}";
    return chunk(facts, delta, "null", "Xq7");
  }

  @Override
  public String toolId(int index) {
    return "call_8Kq1mZ2vT0pLr5y" + Shape.hex(index, 4);
  }

  /// `"tool_calls":[…]` of a message, each call whole; empty without any.
  static String wholeCalls(Facts facts) {
    if (facts.calls().isEmpty()) {
      return "";
    }
    return facts.calls().stream()
        .map(call ->
            "{\"id\":\""
                + call.id()
                + "\",\"type\":\"function\",\"function\":"
                + call.function()
                + "}")
        .collect(Collectors.joining(",", ",\"tool_calls\":[", "]"));
  }

  @Override
  public String closing(Facts facts) {
    String last = chunk(facts, "{}", "\"" + facts.finish() + "\"", "aB3dE");
    String usage =
        head(facts)
            + "[],\"usage\":"
            + USAGE
            + (facts.obfuscation() ? ",\"obfuscation\":\"zz1\"" : "")
            + "}\n\n";
    return last + (facts.includeUsage() ? usage : "") + "data: [DONE]\n\n";
  }

  private static String chunk(Facts facts, String delta, String finish, String padding) {
    return head(facts)
        + "[{\"index\":0,\"delta\":"
        + delta
        + ",\"logprobs\":null,\"finish_reason\":"
        + finish
        + "}]"
        + (facts.includeUsage() ? ",\"usage\":null" : "")
        + (facts.obfuscation() ? ",\"obfuscation\":\"" + padding + "\"" : "")
        + "}\n\n";
  }

  private static String head(Facts facts) {
    return "data: {\"id\":\""
        + facts.id()
        + "\",\"object\":\"chat.completion.chunk\",\"created\":1795376400,\"model\":\""
        + facts.model()
        + "\",\"service_tier\":\""
        + facts.tier()
        + "\",\"system_fingerprint\":null,\"choices\":";
  }

  /// A chunk without choices that tells `tokens` each of input and output, as of OpenAI's dialect.
  static String usageRecord(Facts facts, int tokens) {
    return head(facts)
        + "[],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}}\n\n"
            .formatted(tokens, tokens, 2 * tokens);
  }

  @Override
  public String errorRecord(Facts facts) {
    return "data: " + error(500, "", "") + "\n\n";
  }

  @Override
  public String whole(Facts facts) {
    return "{\"id\":\""
        + facts.id()
        + "\",\"object\":\"chat.completion\",\"created\":1795376401,\"model\":\""
        + facts.model()
        + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
        + (facts.speaks() && !facts.refuses() ? TEXT : "null")
        + ",\"refusal\":"
        + (facts.refuses() ? TEXT : "null")
        + ",\"annotations\":[]"
        + wholeCalls(facts)
        + "},\"logprobs\":null,\"finish_reason\":\""
        + facts.finish()
        + "\"}],\"usage\":"
        + USAGE
        + ",\"service_tier\":\""
        + facts.tier()
        + "\",\"system_fingerprint\":null}";
  }

  @Override
  public Refused denial(Denial denial) {
    return Denials.openAi(denial);
  }

  @Override
  public String error(int status, String message, String requestId) {
    String own = message.isEmpty() ? words(status) : message;
    return "{\"error\":{\"message\":\""
        + Facts.escape(own)
        + "\",\"type\":\""
        + type(status)
        + "\",\"param\":null,\"code\":"
        + code(status)
        + "}}";
  }

  @Override
  public String refusal(Refused refused, String requestId) {
    return "{\"error\":{\"message\":\""
        + Facts.escape(refused.words())
        + "\",\"type\":\""
        + (refused.code().equals("insufficient_quota")
            ? "insufficient_quota"
            : type(refused.status()))
        + "\",\"param\":"
        + orNull(refused.param())
        + ",\"code\":"
        + orNull(refused.code())
        + "}}";
  }

  private static String orNull(String text) {
    return text.isEmpty() ? "null" : "\"" + Facts.escape(text) + "\"";
  }

  private static String words(int status) {
    return switch (status) {
      case 401 ->
          "Incorrect API key provided: sk-inval***key. You can find your API key at"
              + " https://platform.openai.com/account/api-keys.";
      case 403 -> "Country, region, or territory not supported";
      case 404 -> "The model does not exist or you do not have access to it.";
      case 429 ->
          "Rate limit reached for gpt-6.1-terra in organization org-example on requests per min"
              + " (RPM): Limit 500, Used 500, Requested 1. Please try again in 120ms.";
      case 503 -> "The engine is currently overloaded, please try again later.";
      default ->
          status < 500
              ? "Invalid request."
              : "The server had an error while processing your request. Sorry about that!";
    };
  }

  private static String type(int status) {
    return status == 429 ? "requests" : status < 500 ? "invalid_request_error" : "server_error";
  }

  private static String code(int status) {
    return switch (status) {
      case 401 -> "\"invalid_api_key\"";
      case 403 -> "\"unsupported_country_region_territory\"";
      case 404 -> "\"model_not_found\"";
      case 429 -> "\"rate_limit_exceeded\"";
      case 503 -> "\"overloaded\"";
      default -> "null";
    };
  }

  @Override
  public String models(List<String> names) {
    return openAiModels(names, "system");
  }

  static String openAiModels(List<String> names, String owner) {
    return names.stream()
        .map(name ->
            "{\"id\":\""
                + Facts.escape(name)
                + "\",\"object\":\"model\",\"created\":1793000000,\"owned_by\":\""
                + owner
                + "\"}")
        .collect(Collectors.joining(",", "{\"object\":\"list\",\"data\":[", "]}"));
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
    return "req_" + Shape.hex(number, 32);
  }

  @Override
  public String defaultId() {
    return "chatcmpl-CfQ2m0aXkZr1Tq9LwYd3VbN8sPuEo";
  }

  @Override
  public List<String> sampleReasoning() {
    return List.of();
  }

  @Override
  public List<String> sampleContent() {
    return List.of("Paris", " is the capital", " of France — “café” 🇫🇷.");
  }
}
