package io.llmproxy.bench.simulator;

import static io.llmproxy.bench.simulator.Template.GAP;

import io.llmproxy.bench.simulator.rules.Denial;
import io.llmproxy.bench.simulator.rules.Denials;
import io.llmproxy.bench.simulator.rules.Refused;
import io.llmproxy.bench.simulator.rules.RequestRules;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Anthropic Messages, with the spaces it puts before an event's last brace.
final class AnthropicShape implements Shape {

  private static final List<AsciiString> HEADERS =
      Shape.fields(
          "anthropic-organization-id", "00000000-0000-0000-0000-000000000000",
          "cf-ray", "0000000000000000-FRA",
          "anthropic-ratelimit-requests-limit", "4000",
          "anthropic-ratelimit-requests-remaining", "3999",
          "anthropic-ratelimit-requests-reset", "2026-11-22T19:46:01Z",
          "anthropic-ratelimit-tokens-limit", "2400000",
          "anthropic-ratelimit-tokens-remaining", "2399000",
          "anthropic-ratelimit-tokens-reset", "2026-11-22T19:45:30Z");

  private static final String PING = "event: ping\ndata: {\"type\": \"ping\"}\n\n";

  private static final String INPUT_USAGE =
      "\"input_tokens\":"
          + (GAP + "u")
          + ",\"cache_creation_input_tokens\":"
          + (GAP + "w")
          + ",\"cache_read_input_tokens\":"
          + (GAP + "c");

  private static final String CREATION =
      ",\"cache_creation\":{\"ephemeral_5m_input_tokens\":"
          + (GAP + "w")
          + ",\"ephemeral_1h_input_tokens\":0}";

  @Override
  public String opening(Facts facts) {
    return event(
        "message_start",
        "\"message\":{\"model\":\""
            + facts.model()
            + "\",\"id\":\""
            + facts.id()
            + "\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[],\"stop_reason\":null,"
            + "\"stop_sequence\":null,\"stop_details\":null,\"usage\":{"
            + INPUT_USAGE
            + CREATION
            + ",\"output_tokens\":2,\"service_tier\":\"standard\",\"inference_geo\":\"global\"}}"
            + "       ");
  }

  @Override
  public String reasoningOpen(Facts facts) {
    return event(
            "content_block_start",
            "\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\","
                + "\"signature\":\"\"}   ")
        + PING;
  }

  @Override
  public Frame reasoning(Facts facts) {
    return frame(
        "\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"" + GAP + "\"}    ");
  }

  @Override
  public String reasoningClose(Facts facts) {
    return event(
            "content_block_delta",
            "\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\""
                + RequestRules.SIGNATURE
                + "\"}  ")
        + stop(0);
  }

  @Override
  public String contentOpen(Facts facts) {
    String open =
        event(
            "content_block_start",
            "\"index\":"
                + index(facts)
                + ",\"content_block\":{\"type\":\"text\",\"text\":\"\"}   ");
    return facts.thinks() ? open : open + PING;
  }

  @Override
  public Frame content(Facts facts) {
    return frame(
        "\"index\":"
            + index(facts)
            + ",\"delta\":{\"type\":\"text_delta\",\"text\":\""
            + GAP
            + "\"}      ");
  }

  @Override
  public String closing(Facts facts) {
    String stop = facts.speaks() && facts.calls().isEmpty() ? stop(index(facts)) : "";
    return stop
        + event(
            "message_delta",
            "\"delta\":{\"stop_reason\":\""
                + stopReason(facts)
                + "\",\"stop_sequence\":null,\"stop_details\":"
                + stopDetails(facts)
                + "},\"usage\":{"
                + INPUT_USAGE
                + ",\"output_tokens\":"
                + (GAP + "a")
                + ",\"output_tokens_details\":{\"thinking_tokens\":"
                + (GAP + "r")
                + "}}     ")
        + "event: message_stop\ndata: {\"type\":\"message_stop\"           }\n\n";
  }

  private static String stop(int index) {
    return event("content_block_stop", "\"index\":" + index + "         ");
  }

  private static String stopDetails(Facts facts) {
    return facts.refuses()
        ? "{\"type\":\"refusal\",\"category\":null,\"explanation\":null}"
        : "null";
  }

  /// A block for each call: its start, then its arguments, the first part of which is empty.
  @Override
  public List<String> toolRecords(Facts facts) {
    List<String> records = new ArrayList<>();
    int first = index(facts) + (facts.speaks() ? 1 : 0);
    for (ToolCall call : facts.calls()) {
      int index = first + call.index();
      String before = call.index() > 0 || facts.speaks() ? stop(index - 1) : "";
      String ping = index == 0 ? PING : "";
      records.add(before + toolStart(call, index) + ping);
      records.add(arguments(index, ""));
      call.fragments().forEach(part -> records.add(arguments(index, Facts.escape(part))));
    }
    String last = records.removeLast();
    records.add(last + stop(first + facts.calls().size() - 1));
    return records;
  }

  private static String toolStart(ToolCall call, int index) {
    return event(
        "content_block_start",
        "\"index\":" + index + ",\"content_block\":" + block(call, "{}") + "   ");
  }

  private static String block(ToolCall call, String input) {
    return "{\"type\":\"tool_use\",\"id\":\""
        + call.id()
        + "\",\"name\":\""
        + call.name()
        + "\",\"input\":"
        + (input.isEmpty() ? "{}" : input)
        + ",\"caller\":{\"type\":\"direct\"}}";
  }

  private static String arguments(int index, String part) {
    return event(
        "content_block_delta",
        "\"index\":"
            + index
            + ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\""
            + part
            + "\"}   ");
  }

  @Override
  public String toolId(int index) {
    return "toolu_01T1x1fJ34qAmk2tNTrN" + Shape.hex(index, 4);
  }

  /// It only ends what it does not want to answer.
  @Override
  public List<String> refusalText() {
    return List.of();
  }

  @Override
  public String refusalFinish() {
    return "refusal";
  }

  private static int index(Facts facts) {
    return facts.thinks() ? 1 : 0;
  }

  private static String stopReason(Facts facts) {
    return switch (facts.finish()) {
      case "stop" -> "end_turn";
      case "length" -> "max_tokens";
      case "tool_calls" -> "tool_use";
      default -> facts.finish();
    };
  }

  private static String event(String type, String rest) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + rest + "}\n\n";
  }

  private static Frame frame(String rest) {
    String event = event("content_block_delta", rest);
    int at = event.indexOf(GAP);
    return new Frame(event.substring(0, at), event.substring(at + 1));
  }

  @Override
  public String errorRecord(Facts facts) {
    return "event: error\ndata: " + error(529, "", requestId(0)) + "\n\n";
  }

  @Override
  public String malformedRecord() {
    return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{"
        + "\"type\":\"text_del\n\n";
  }

  @Override
  public String baitRecord(Facts facts) {
    return event(
        "message_delta",
        "\"delta\":{\"stop_reason\":null,\"stop_sequence\":null},\"usage\":{\"output_tokens\":1}");
  }

  @Override
  public String baitedOpening(Facts facts) {
    return opening(facts)
        .replace(INPUT_USAGE, INPUT_USAGE.replaceAll(GAP + ".", "0"))
        .replace("\"output_tokens\":2", "\"output_tokens\":0");
  }

  @Override
  public String whole(Facts facts) {
    List<String> blocks = new ArrayList<>();
    if (facts.thinks()) {
      blocks.add(
          "{\"type\":\"thinking\",\"thinking\":\""
              + (GAP + "R")
              + "\",\"signature\":\""
              + RequestRules.SIGNATURE
              + "\"}");
    }
    if (facts.speaks()) {
      blocks.add("{\"type\":\"text\",\"text\":\"" + GAP + "T\"}");
    }
    facts.calls().forEach(call -> blocks.add(block(call, call.arguments())));
    return "{\"model\":\""
        + facts.model()
        + "\",\"id\":\""
        + facts.id()
        + "\",\"type\":\"message\",\"role\":\"assistant\",\"content\":["
        + String.join(",", blocks)
        + "],\"stop_reason\":\""
        + stopReason(facts)
        + "\",\"stop_sequence\":null,\"stop_details\":"
        + stopDetails(facts)
        + ",\"container\":null,\"diagnostics\":null,\"usage\":{"
        + INPUT_USAGE
        + CREATION
        + ",\"output_tokens\":"
        + (GAP + "a")
        + ",\"service_tier\":\"standard\",\"inference_geo\":\"global\",\"output_tokens_details\":{"
        + "\"thinking_tokens\":"
        + (GAP + "r")
        + "},\"server_tool_use\":null,\"speed\":\"standard\"}}";
  }

  @Override
  public Refused denial(Denial denial) {
    return Denials.anthropic(denial);
  }

  @Override
  public String error(int status, String message, String requestId) {
    String own = message.isEmpty() ? words(status) : message;
    return "{\"type\":\"error\",\"error\":{\"type\":\""
        + type(status)
        + "\",\"message\":\""
        + Facts.escape(own)
        + "\"},\"request_id\":\""
        + requestId
        + "\"}";
  }

  private static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 409 -> "conflict_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 504 -> "timeout_error";
      case 529 -> "overloaded_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  private static String words(int status) {
    return switch (status) {
      case 401 -> "invalid x-api-key";
      case 403 -> "Your API key does not have permission to use the specified resource.";
      case 404 -> "Not found";
      case 413 -> "Request exceeds the maximum size";
      case 429 ->
          "This request would exceed your organization’s rate limit of 4,000 requests per minute.";
      case 529 -> "Overloaded";
      default -> status < 500 ? "Invalid request" : "Internal server error";
    };
  }

  @Override
  public String models(List<String> names) {
    String data =
        names.stream()
            .map(name ->
                "{\"type\":\"model\",\"id\":\""
                    + Facts.escape(name)
                    + "\",\"display_name\":\""
                    + Facts.escape(name)
                    + "\",\"created_at\":\"2026-09-28T00:00:00Z\",\"lifecycle\":\"active\"}")
            .collect(Collectors.joining(","));
    return "{\"data\":["
        + data
        + "],\"has_more\":false,\"first_id\":\""
        + Facts.escape(names.getFirst())
        + "\",\"last_id\":\""
        + Facts.escape(names.getLast())
        + "\"}";
  }

  @Override
  public List<AsciiString> headers() {
    return HEADERS;
  }

  @Override
  public AsciiString requestIdHeader() {
    return AsciiString.cached("request-id");
  }

  @Override
  public String requestId(long number) {
    return "req_011C" + Shape.hex(number, 20);
  }

  @Override
  public String defaultId() {
    return "msg_01XFDUDYJgAACzvnptvVoYEL";
  }

  @Override
  public List<String> sampleReasoning() {
    return List.of("The user wants", " the weather in Paris.");
  }

  @Override
  public List<String> sampleContent() {
    return List.of("I will check", " the weather", ".");
  }
}
