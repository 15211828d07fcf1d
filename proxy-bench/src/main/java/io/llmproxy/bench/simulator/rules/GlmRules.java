package io.llmproxy.bench.simulator.rules;

import static io.llmproxy.bench.simulator.rules.Json.get;
import static io.llmproxy.bench.simulator.rules.Json.list;
import static io.llmproxy.bench.simulator.rules.Json.number;
import static io.llmproxy.bench.simulator.rules.Json.text;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What GLM refuses.
final class GlmRules implements RequestRules {

  private static final Fields FIELDS =
      Fields.of(
          """
          string:  model reasoning_effort request_id user_id
          array:   messages tools stop
          boolean: stream tool_stream do_sample watermark_enabled
          integer: max_tokens
          number:  temperature top_p
          object:  thinking response_format
          string:  tool_choice
          """);

  private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");
  private static final Set<String> PARTS =
      Set.of("text", "image_url", "video_url", "file_url", "input_audio");
  private static final Set<String> EFFORTS = Set.of("low", "medium", "high", "max");
  private static final int MAX_TOKENS = 131_072;

  @Override
  public void check(Map<String, Object> body, Asked asked) {
    if (asked.endpoint() != Endpoint.CHAT) {
      return;
    }
    String wrong = FIELDS.wrong(body);
    if (wrong != null) {
      throw illegal(wrong);
    }
    if (get(body, "messages") == null) {
      throw new Refused(400, "未正常接收到messages参数。", "", "1213");
    }
    checkMessages(list(body, "messages"));
    if (list(body, "stop").size() > 1) {
      throw illegal("stop");
    }
    Double temperature = number(body, "temperature");
    if (temperature != null && (temperature < 0 || temperature > 1)) {
      throw illegal("temperature");
    }
    Double topP = number(body, "top_p");
    if (topP != null && (topP <= 0 || topP > 1)) {
      throw illegal("top_p");
    }
    String choice = text(body, "tool_choice", "auto");
    if (!choice.equals("auto")) {
      throw illegal("tool_choice");
    }
    if (asked.model().startsWith("glm-5.3")) {
      checkNewest(body);
    }
  }

  private static void checkMessages(List<?> messages) {
    boolean asks = false;
    for (Object message : messages) {
      String role = text(message, "role", "");
      if (!ROLES.contains(role)) {
        throw illegal("messages");
      }
      asks |= role.equals("user");
      for (Object part : list(message, "content")) {
        if (!PARTS.contains(text(part, "type", ""))) {
          throw illegal("messages");
        }
      }
    }
    if (!asks) {
      throw illegal("messages");
    }
  }

  private static void checkNewest(Map<String, Object> body) {
    if (text(body.get("thinking"), "type", "").equals("disabled")) {
      throw illegal("thinking");
    }
    @Nullable Object effort = get(body, "reasoning_effort");
    if (effort instanceof String word && !EFFORTS.contains(word)) {
      throw illegal("reasoning_effort");
    }
    Double maxTokens = number(body, "max_tokens");
    if (maxTokens != null && (maxTokens < 1 || maxTokens > MAX_TOKENS)) {
      throw illegal("max_tokens");
    }
  }

  private static Refused illegal(String name) {
    return new Refused(400, name + " 参数非法。请检查文档", "", "1214");
  }
}
