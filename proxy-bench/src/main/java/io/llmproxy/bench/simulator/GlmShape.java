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

/// GLM's chat completions: every delta repeats the role, usage always stands on the last chunk.
final class GlmShape implements Shape {

  private static final String USAGE =
      "{\"prompt_tokens\":"
          + (GAP + "i")
          + ",\"completion_tokens\":"
          + (GAP + "a")
          + ",\"total_tokens\":"
          + (GAP + "t")
          + ",\"prompt_tokens_details\":{\"cached_tokens\":"
          + (GAP + "c")
          + "},\"completion_tokens_details\":{\"reasoning_tokens\":"
          + (GAP + "r")
          + "}}";

  @Override
  public String opening(Facts facts) {
    if (!facts.thinks() && !facts.speaks() && !facts.calls().isEmpty()) {
      return "";
    }
    String first = facts.thinks() ? ",\"reasoning_content\":\"\\n\"" : "";
    return head(facts)
        + "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\""
        + first
        + "}}]}\n\n";
  }

  @Override
  public Frame reasoning(Facts facts) {
    return frame(facts, "reasoning_content");
  }

  @Override
  public Frame content(Facts facts) {
    return frame(facts, "content");
  }

  /// A call comes whole in a chunk, the last one with the reason to finish as well; with
  /// `tool_stream` its arguments follow in parts.
  @Override
  public List<String> toolRecords(Facts facts) {
    List<String> records = new ArrayList<>();
    for (ToolCall call : facts.calls()) {
      boolean last = call.index() == facts.calls().size() - 1;
      if (!facts.toolStream()) {
        String finish = last ? "\"finish_reason\":\"" + facts.finish() + "\"," : "";
        records.add(toolChunk(facts, finish, wholeCall(call, call.arguments())));
        continue;
      }
      records.add(toolChunk(facts, "", wholeCall(call, "")));
      for (String part : call.fragments()) {
        String arguments = "{\"arguments\":\"" + Facts.escape(part) + "\"}";
        String delta =
            "{\"index\":" + call.index() + ",\"type\":\"function\",\"function\":" + arguments + "}";
        records.add(toolChunk(facts, "", delta));
      }
    }
    return records;
  }

  private static String wholeCall(ToolCall call, String arguments) {
    return "{\"id\":\""
        + call.id()
        + "\",\"index\":"
        + call.index()
        + ",\"type\":\"function\",\"function\":"
        + call.function(arguments)
        + "}";
  }

  private static String toolChunk(Facts facts, String finish, String call) {
    return head(facts)
        + "[{\"index\":0,"
        + finish
        + "\"delta\":{\"role\":\"assistant\",\"tool_calls\":["
        + call
        + "]}}]}\n\n";
  }

  @Override
  public String toolId(int index) {
    return "call_20261122194501f3a9c07be2d54e68_" + index;
  }

  /// What it does not want to answer it ends.
  @Override
  public List<String> refusalText() {
    return List.of();
  }

  @Override
  public String refusalFinish() {
    return "sensitive";
  }

  private static Frame frame(Facts facts, String field) {
    return new Frame(
        head(facts) + "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"" + field + "\":\"",
        "\"}}]}\n\n");
  }

  @Override
  public String closing(Facts facts) {
    return head(facts)
        + "[{\"index\":0,\"finish_reason\":\""
        + facts.finish()
        + "\",\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}],\"usage\":"
        + USAGE
        + "}\n\ndata: [DONE]\n\n";
  }

  private static String head(Facts facts) {
    return "data: {\"id\":\""
        + facts.id()
        + "\",\"created\":1795376701,\"object\":\"chat.completion.chunk\",\"model\":\""
        + facts.model()
        + "\",\"choices\":";
  }

  @Override
  public String errorRecord(Facts facts) {
    return "data: " + error(500, "", "") + "\n\n";
  }

  @Override
  public String whole(Facts facts) {
    return "{\"choices\":[{\"finish_reason\":\""
        + facts.finish()
        + "\",\"index\":0,\"message\":{\"content\":\""
        + (GAP + "T")
        + (facts.thinks() ? "\",\"reasoning_content\":\"" + (GAP + "R") : "")
        + "\",\"role\":\"assistant\""
        + wholeCalls(facts)
        + "}}],\"created\":1795376701,\"id\":\""
        + facts.id()
        + "\",\"model\":\""
        + facts.model()
        + "\",\"object\":\"chat.completion\",\"request_id\":\""
        + facts.id()
        + "\",\"usage\":"
        + USAGE
        + "}";
  }

  private static String wholeCalls(Facts facts) {
    if (facts.calls().isEmpty()) {
      return "";
    }
    return facts.calls().stream()
        .map(call -> wholeCall(call, call.arguments()))
        .collect(Collectors.joining(",", ",\"tool_calls\":[", "]"));
  }

  @Override
  public Refused denial(Denial denial) {
    return Denials.glm(denial);
  }

  @Override
  public String error(int status, String message, String requestId) {
    return error(code(status), message.isEmpty() ? words(status) : message);
  }

  @Override
  public String refusal(Refused refused, String requestId) {
    String code = refused.code();
    String error = error(code.isEmpty() ? code(refused.status()) : code, refused.words());
    return code.equals("1301")
        ? "{\"contentFilter\":[{\"level\":1,\"role\":\"user\"}]," + error.substring(1)
        : error;
  }

  private static String error(String code, String message) {
    return "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + Facts.escape(message) + "\"}}";
  }

  private static String code(int status) {
    return switch (status) {
      case 400 -> "1214";
      case 401 -> "1002";
      case 403 -> "1220";
      case 404 -> "1211";
      case 429 -> "1302";
      case 503 -> "1305";
      default -> status < 500 ? "1210" : "500";
    };
  }

  private static String words(int status) {
    return switch (status) {
      case 401 -> "Authorization Token非法，请确认Authorization Token正确传递。";
      case 403 -> "您无权访问该接口。";
      case 404 -> "模型不存在，请检查模型代码。";
      case 429 -> "您当前使用该 API 的并发数过高，请降低并发，或联系客服增加限额";
      case 503 -> "当前API请求过多，请稍后重试。";
      default -> status < 500 ? "API 调用参数有误，请检查文档。" : "内部错误";
    };
  }

  @Override
  public String models(List<String> names) {
    return OpenAiShape.openAiModels(names, "z-ai");
  }

  @Override
  public AsciiString streamContentType() {
    return AsciiString.cached("text/event-stream;charset=UTF-8");
  }

  @Override
  public List<AsciiString> headers() {
    return List.of();
  }

  @Override
  public @Nullable AsciiString requestIdHeader() {
    return null;
  }

  @Override
  public String requestId(long number) {
    return "20261122194501" + Shape.hex(number, 16);
  }

  @Override
  public String defaultId() {
    return "20261122194501f3a9c07be2d54e68";
  }

  @Override
  public List<String> sampleReasoning() {
    return List.of("用户想知道", "巴黎的天气。");
  }

  @Override
  public List<String> sampleContent() {
    return List.of("巴黎", "今天晴。");
  }
}
