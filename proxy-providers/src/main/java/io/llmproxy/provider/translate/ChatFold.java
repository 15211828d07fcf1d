package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonWriter;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A stream of Chat Completions as one completion.
///
/// Deltas are put together as OpenAI's own clients do, whatever their fields: strings are joined,
/// arrays too, or element by element where these bear an index; objects likewise; of anything else
/// the last counts.
final class ChatFold implements Fold {
  private static final JsonSpan OBJECT = json("\"chat.completion\"");
  private static final JsonSpan ASSISTANT = json("\"assistant\"");
  private static final JsonSpan FUNCTION = json("\"function\"");
  private static final JsonSpan NULL = json("null");

  /// Strings that some providers repeat: not joined.
  private static final Set<String> NAMES = Set.of("role", "id", "type", "name", "format");

  /// Objects within objects of a delta; what is deeper is taken whole.
  private static final int MOST_DEPTH = 4;

  private final Room room;
  private final GrowingObject completion;
  private final Map<Long, Choice> choices = new TreeMap<>();
  private final ToolDelta toolDelta = new ToolDelta();

  private record Choice(GrowingObject object, GrowingObject message, List<Call> calls) {}

  private record Call(StreamBlock block, GrowingObject object) {}

  ChatFold(Room room) {
    this.room = room;
    this.completion = new GrowingObject(room);
  }

  @Override
  public boolean isError(Event event, Fields chunk) {
    return chunk.get("error").isPresent() || event.is("error");
  }

  /// What ends a stream of Chat Completions is no object.
  @Override
  public boolean isEnd(Event event, Fields chunk) {
    return false;
  }

  @Override
  public void read(Event event, Fields chunk) {
    chunk.forEach((name, value) -> {
      switch (name) {
        case "object" -> completion.set(name, OBJECT);
        case "choices" -> completion.inners(name);
        case "obfuscation" -> {}
        default -> completion.set(name, value);
      }
    });
    chunk.get("choices").forEach(choice -> readChoice(Fields.of(choice)));
  }

  @Override
  public void write(JsonWriter json, ByteBuf out) {
    completion.set("object", OBJECT);
    List<GrowingObject> all = completion.inners("choices");
    choices.values().forEach(choice -> all.add(choice.object()));
    completion.write(json, out);
  }

  private void readChoice(Fields chunk) {
    JsonSpan number = chunk.get("index");
    long index = number.isCount() ? number.count() : 0;
    Choice choice = choices.get(index);
    if (choice == null) {
      room.count(choices.size() + 1);
      choice = choice(number.isCount() ? number : json("0"));
      choices.put(index, choice);
    }
    GrowingObject object = choice.object();
    chunk.forEach((name, value) -> {
      if (name.equals("logprobs")) {
        mergeMember(object, name, value, 1);
      } else if (!name.equals("delta")) {
        object.set(name, value);
      }
    });
    readDelta(choice, Fields.of(chunk.get("delta")));
  }

  private Choice choice(JsonSpan index) {
    GrowingObject object = new GrowingObject(room);
    object.set("index", index);
    GrowingObject message = object.inner("message");
    message.set("role", ASSISTANT);
    message.set("content", NULL);
    object.set("logprobs", NULL);
    object.set("finish_reason", NULL);
    return new Choice(object, message, new ArrayList<>());
  }

  private void readDelta(Choice choice, Fields delta) {
    delta.forEach((name, value) -> {
      if (name.equals("tool_calls")) {
        value.forEach(element -> readCall(choice, element));
      } else {
        mergeMember(choice.message(), name, value, 0);
      }
    });
  }

  private void readCall(Choice choice, JsonSpan fragment) {
    toolDelta.read(fragment.cursor());
    Call call = find(choice.calls(), fragment.bytes());
    if (call == null) {
      room.count(choice.calls().size() + 1);
      long index = toolDelta.index < 0 ? choice.calls().size() : toolDelta.index;
      call = new Call(StreamBlock.ofTool(index), choice.message().addInner("tool_calls"));
      choice.calls().add(call);
    }
    call.block().learn(fragment.bytes(), toolDelta);
    GrowingObject object = call.object();
    Fields.of(fragment)
        .forEach((name, value) -> {
          if (!name.equals("index")) {
            mergeMember(object, name, value, 1);
          }
        });
    if (!object.has("type")) {
      object.set("type", FUNCTION);
    }
  }

  private @Nullable Call find(List<Call> calls, byte[] bytes) {
    for (int i = calls.size() - 1; i >= 0; i--) {
      if (calls.get(i).block().isOf(bytes, toolDelta)) {
        return calls.get(i);
      }
    }
    return null;
  }

  private void mergeMember(GrowingObject object, String name, JsonSpan value, int depth) {
    if (value.isString() && !NAMES.contains(name)) {
      object.append(name, value);
    } else if (value.isString()) {
      if (object.text(name).isEmpty()) {
        object.set(name, value);
      }
    } else if (value.isArray()) {
      mergeArray(object, name, value, depth);
    } else if (value.isObject() && depth < MOST_DEPTH) {
      GrowingObject inner = object.inner(name);
      Fields.of(value).forEach((each, its) -> mergeMember(inner, each, its, depth + 1));
    } else {
      object.set(name, value);
    }
  }

  private void mergeArray(GrowingObject object, String name, JsonSpan array, int depth) {
    array.forEach(element -> {
      Fields fields = Fields.of(element);
      JsonSpan index = fields.get("index");
      if (!index.isCount() || depth >= MOST_DEPTH) {
        object.add(name, element);
        return;
      }
      GrowingObject inner = object.numbered(name, index);
      fields.forEach((each, its) -> {
        if (!each.equals("index")) {
          mergeMember(inner, each, its, depth + 1);
        }
      });
    });
  }

  private static JsonSpan json(String value) {
    return JsonSpan.of(value.getBytes(US_ASCII));
  }
}
