package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.llmproxy.provider.json.JsonWriter;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A chat completion as a stream: of each choice its role with whatever is known of it from the
/// beginning, then each of its texts and its calls in a chunk of their own, then why it ended.
final class ChatUnfold implements Unfold {
  private static final byte[] DATA = "data: ".getBytes(US_ASCII);
  private static final byte[] RECORD_END = "\n\n".getBytes(US_ASCII);
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(US_ASCII);

  /// What every chunk says.
  private static final Set<String> OF_ALL =
      Set.of("id", "created", "model", "service_tier", "system_fingerprint");

  /// In the order in which a model says them.
  private static final List<String> CONTENT =
      List.of(
          "reasoning_content", "reasoning", "content", "refusal", "tool_calls", "function_call");

  private final boolean tellUsage;

  /// @param tellUsage whether the stream tells usage in its last chunk
  ChatUnfold(boolean tellUsage) {
    this.tellUsage = tellUsage;
  }

  @Override
  public boolean write(JsonSpan reply, ByteBuf out) {
    Fields completion = Fields.of(reply);
    if (!completion.get("choices").isArray()) {
      return false;
    }
    Chunks chunks = new Chunks(completion, out);
    completion.get("choices").forEach(choice -> chunks.choice(Fields.of(choice)));
    completion.get("choices").forEach(choice -> chunks.end(Fields.of(choice)));
    JsonSpan usage = completion.get("usage");
    if (tellUsage && usage.isObject()) {
      JsonWriter json = chunks.open().endArray().name("usage");
      usage.write(json);
      chunks.close(json);
    }
    out.writeBytes(DONE);
    return true;
  }

  private final class Chunks {
    private final Fields completion;
    private final ByteBuf out;
    private boolean first = true;

    Chunks(Fields completion, ByteBuf out) {
      this.completion = completion;
      this.out = out;
    }

    void choice(Fields choice) {
      Fields message = Fields.of(choice.get("message"));
      JsonWriter json = openDelta(choice);
      message.forEach((name, value) -> {
        if (!(CONTENT.contains(name) && isContent(value))) {
          value.write(json.name(name.getBytes(UTF_8)));
        }
      });
      json.endObject();
      choice.write(json, Map.of("index", "", "message", "", "finish_reason", "null"));
      closeChoice(json);
      for (String name : CONTENT) {
        JsonSpan value = message.get(name);
        if (isContent(value)) {
          content(choice, name, value);
        }
      }
    }

    void end(Fields choice) {
      JsonWriter json = openDelta(choice);
      json.endObject().name("logprobs").nothing().name("finish_reason");
      orNull(json, choice.get("finish_reason"));
      closeChoice(json);
    }

    private void content(Fields choice, String name, JsonSpan value) {
      JsonWriter json = openDelta(choice).name(name);
      if (name.equals("tool_calls") && value.isArray()) {
        calls(json, value);
      } else {
        value.write(json);
      }
      json.endObject().name("logprobs").nothing().name("finish_reason").nothing();
      closeChoice(json);
    }

    /// Only in a stream are calls numbered.
    private void calls(JsonWriter json, JsonSpan calls) {
      json.startArray();
      int[] index = {0};
      calls.forEach(call -> {
        json.startObject().name("index").number(index[0]++);
        Fields.of(call).write(json, Map.of("index", ""));
        json.endObject();
      });
      json.endArray();
    }

    private JsonWriter open() {
      out.writeBytes(DATA);
      JsonWriter json = new JsonWriter(out);
      json.startObject().name("object").string("chat.completion.chunk");
      completion.forEach((name, value) -> {
        boolean special = name.equals("object") || name.equals("choices") || name.equals("usage");
        if (!special && (first || OF_ALL.contains(name))) {
          value.write(json.name(name.getBytes(UTF_8)));
        }
      });
      first = false;
      return json.name("choices").startArray();
    }

    private JsonWriter openDelta(Fields choice) {
      JsonWriter json = open().startObject().name("index");
      JsonSpan index = choice.get("index");
      if (index.isCount()) {
        index.write(json);
      } else {
        json.number(0);
      }
      return json.name("delta").startObject();
    }

    private void closeChoice(JsonWriter json) {
      json.endObject().endArray();
      if (tellUsage) {
        json.name("usage").nothing();
      }
      close(json);
    }

    private void close(JsonWriter json) {
      json.endObject();
      out.writeBytes(RECORD_END);
    }
  }

  private static boolean isContent(JsonSpan value) {
    return value.isPresent() && value.to() - value.from() > 2;
  }

  private static void orNull(JsonWriter json, JsonSpan value) {
    if (value.isPresent()) {
      value.write(json);
    } else {
      json.nothing();
    }
  }
}
