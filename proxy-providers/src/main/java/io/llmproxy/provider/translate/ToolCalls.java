package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.FieldNames;
import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.json.JsonKind;
import io.llmproxy.provider.json.JsonScanner;
import io.llmproxy.provider.json.JsonWriter;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Writes the `tool_calls` of Chat messages as `tool_use` blocks, and remembers those that are to
/// be answered next.
final class ToolCalls {

  private enum Call {
    ID,
    TYPE,
    FUNCTION
  }

  private enum Function {
    NAME,
    ARGUMENTS
  }

  /// A call, by the id the caller gave it and the one it is sent with.
  record Sent(String id, String sentId) {}

  private final byte[] body;
  private final Findings findings;
  private final JsonCursor cursor = new JsonCursor();
  private final Members<Call> call = new Members<>(Call.class);
  private final Members<Function> function = new Members<>(Function.class);
  private final Set<String> sentIds = new HashSet<>();
  private final List<Sent> unanswered = new ArrayList<>();

  ToolCalls(ChatRequest request) {
    body = request.body();
    findings = request.findings();
  }

  /// The calls written since the last [#clear], in their order.
  List<Sent> unanswered() {
    return unanswered;
  }

  void clear() {
    unanswered.clear();
  }

  /// Writes the array of calls at `from`. `field` is how a refusal names it.
  void write(Blocks blocks, int from, String field) {
    cursor.reset(body, from, body.length);
    cursor.enterArray();
    while (cursor.nextElement()) {
      int start = cursor.valueStart();
      cursor.skipValue();
      call.read(body, start, body.length);
      boolean isFunction = !call.has(Call.TYPE) || call.is(Call.TYPE, "function");
      if (!isFunction || call.first(Call.FUNCTION) != '{') {
        findings.refuse(field, "a call of another type", "calls of type function");
        return;
      }
      writeCall(blocks, field);
    }
  }

  private void writeCall(Blocks blocks, String field) {
    function.read(body, call.from(Call.FUNCTION), body.length);
    if (!function.hasText(Function.NAME)) {
      findings.refuse(field + "[].function.name", "no name", "the name of a function");
      return;
    }
    String id = call.text(Call.ID);
    String sentId = unused(ToolIds.plain(id));
    unanswered.add(new Sent(id, sentId));
    JsonWriter out = blocks.block("tool_use").name("id").string(sentId).name("name");
    out.escaped(body, function.insideFrom(Function.NAME), function.insideTo(Function.NAME));
    out.name("input");
    switch (function.first(Function.ARGUMENTS)) {
      case 0 -> out.startObject().endObject();
      case '{' -> out.raw(body, function.from(Function.ARGUMENTS), function.to(Function.ARGUMENTS));
      case '"' -> input(out);
      default -> findings.refuse(field + "[].function.arguments", "no string", "a string of JSON");
    }
  }

  /// Writes what the string of arguments says. A model may have said what is no object, or broken
  /// off: that is kept as text, since the conversation could not go on otherwise.
  private void input(JsonWriter out) {
    int from = function.insideFrom(Function.ARGUMENTS);
    int to = function.insideTo(Function.ARGUMENTS);
    if (JsonStrings.isBlank(body, from, to)) {
      out.startObject().endObject();
      return;
    }
    byte[] json = JsonStrings.unescapedBytes(body, from, to);
    if (isObject(json)) {
      out.raw(json, 0, json.length);
    } else {
      out.startObject().name("_raw").escaped(body, from, to).endObject();
    }
  }

  private static boolean isObject(byte[] json) {
    JsonScanner scanner = new JsonScanner(FieldNames.of());
    scanner.feed(Unpooled.wrappedBuffer(json));
    scanner.finish();
    return scanner.fault() == null && scanner.rootKind() == JsonKind.OBJECT;
  }

  /// Some models number their calls from 0 in every answer; Anthropic refuses the same id twice.
  private String unused(String plain) {
    String id = plain;
    int number = 2;
    while (!sentIds.add(id)) {
      id = plain + "-" + number;
      number++;
    }
    return id;
  }
}
