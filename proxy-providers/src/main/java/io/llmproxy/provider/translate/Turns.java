package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonWriter;
import io.llmproxy.provider.translate.ContentParts.Allowed;
import io.llmproxy.provider.translate.Conversation.Role;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// Writes the conversation of a Chat request as Messages has it: instructions apart, turns of user
/// and assistant by turns, and the results of all calls of a turn at the head of the next.
final class Turns {

  private enum Field {
    ROLE,
    CONTENT,
    NAME,
    TOOL_CALLS,
    TOOL_CALL_ID,
    REFUSAL,
    FUNCTION_CALL,
    ANNOTATIONS,
    CACHE_CONTROL
  }

  /// Stands where a turn must say something and the caller's says nothing.
  private static final String PLACEHOLDER = "(empty)";

  private static final String NO_RESULT = "No result was given for this call.";
  private static final String USER = "user";
  private static final String ASSISTANT = "assistant";

  private final ChatRequest request;
  private final byte[] body;
  private final Conversation conversation;
  private final JsonWriter out;
  private final Blocks blocks;
  private final Blocks results;
  private final CacheMarks marks;
  private final ContentParts parts;
  private final ToolCalls calls;
  private final Members<Field> message;
  private final boolean[] answered;

  /// Borrows `bytes`, which `out` writes to.
  Turns(ChatRequest request, Conversation conversation, JsonWriter out, ByteBuf bytes) {
    this.request = request;
    this.body = request.body();
    this.conversation = conversation;
    this.out = out;
    this.blocks = new Blocks(out);
    this.results = new Blocks(out);
    this.marks = new CacheMarks(request);
    this.parts = new ContentParts(request, marks, new Sources(request, bytes));
    this.calls = new ToolCalls(request);
    this.message = new Members<>(Field.class, "messages[].", request.findings()::drop);
    this.answered = new boolean[conversation.count()];
  }

  /// Writes the instructions, wherever they stand in the conversation, and `more` of ours.
  void writeSystem(String more) {
    blocks.begin("system");
    for (int i = 0; i < conversation.count(); i++) {
      if (conversation.role(i) == Role.SYSTEM) {
        read(i);
        int before = blocks.written();
        parts.write(blocks, message, Field.CONTENT, field(i, ".content"), Allowed.TEXT);
        markMessage(before);
      }
    }
    if (!more.isEmpty()) {
      blocks.text(more);
    }
    blocks.end();
  }

  /// Writes all turns.
  void writeTurns() {
    out.name("messages").startArray();
    int before = blocks.written();
    int at = 0;
    while (at < conversation.count()) {
      at =
          switch (conversation.role(at)) {
            case SYSTEM -> at + 1;
            case USER -> user(at);
            case TOOL -> lateResult(at);
            case ASSISTANT -> assistant(at);
          };
    }
    if (blocks.written() == before) {
      blocks.turn(USER);
      blocks.text(PLACEHOLDER);
    }
    blocks.end();
    out.endArray();
  }

  private int user(int index) {
    read(index);
    blocks.turn(USER);
    content(index, Allowed.MEDIA);
    ensureTurn();
    return index + 1;
  }

  /// A result that no call asks for is told as the user's words.
  private int lateResult(int index) {
    if (!answered[index]) {
      read(index);
      blocks.turn(USER);
      content(index, Allowed.MEDIA);
    }
    return index + 1;
  }

  /// Writes an assistant's messages that follow one another, and the results of their calls; the
  /// index of the message behind them.
  private int assistant(int first) {
    calls.clear();
    if (blocks.isEmpty()) {
      blocks.turn(USER);
      blocks.text(PLACEHOLDER);
    }
    int at = first;
    while (at < conversation.count() && isAssistantOrSystem(at)) {
      if (conversation.role(at) == Role.ASSISTANT) {
        assistantMessage(at);
      }
      at++;
    }
    if (!calls.unanswered().isEmpty()) {
      writeResults(at);
    }
    return at;
  }

  private boolean isAssistantOrSystem(int index) {
    Role role = conversation.role(index);
    return role == Role.ASSISTANT || role == Role.SYSTEM;
  }

  private void assistantMessage(int index) {
    read(index);
    if (message.has(Field.FUNCTION_CALL)) {
      request.findings().refuse(field(index, ".function_call"), "given", "tool_calls instead");
    }
    blocks.turn(ASSISTANT);
    int before = blocks.written();
    boolean calling = message.first(Field.TOOL_CALLS) == '[';
    if (conversation.isLast(index) && !calling && message.isString(Field.CONTENT)) {
      prefill();
    } else {
      parts.write(blocks, message, Field.CONTENT, field(index, ".content"), Allowed.TEXT);
    }
    parts.write(blocks, message, Field.REFUSAL, field(index, ".refusal"), Allowed.TEXT);
    if (calling) {
      calls.write(blocks, message.from(Field.TOOL_CALLS), field(index, ".tool_calls"));
    }
    markMessage(before);
  }

  /// Anthropic refuses white space at the end of what the answer is to go on from.
  private void prefill() {
    int from = message.insideFrom(Field.CONTENT);
    int to = JsonStrings.trimmedTo(body, from, message.insideTo(Field.CONTENT));
    if (to > from) {
      blocks.text(body, from, to);
    }
  }

  /// Writes the results of all calls in the order of the calls, as far as they stand between `from`
  /// and the assistant's next message.
  private void writeResults(int from) {
    Map<String, Deque<Integer>> given = new HashMap<>();
    for (int i = from; i < conversation.count() && conversation.role(i) != Role.ASSISTANT; i++) {
      if (conversation.role(i) == Role.TOOL) {
        read(i);
        given.computeIfAbsent(message.text(Field.TOOL_CALL_ID), _ -> new ArrayDeque<>()).add(i);
      }
    }
    blocks.turn(USER);
    for (ToolCalls.Sent call : calls.unanswered()) {
      Deque<Integer> indexes = given.get(call.id());
      Integer index = indexes == null ? null : indexes.poll();
      blocks.block("tool_result").name("tool_use_id").string(call.sentId());
      if (index == null) {
        out.name("content").string(NO_RESULT).name("is_error").bool(true);
      } else {
        writeResult(index);
      }
    }
  }

  private void writeResult(int index) {
    answered[index] = true;
    read(index);
    if (message.isString(Field.CONTENT)) {
      int from = message.insideFrom(Field.CONTENT);
      out.name("content").escaped(body, from, message.insideTo(Field.CONTENT));
    } else {
      results.begin("content");
      parts.write(results, message, Field.CONTENT, field(index, ".content"), Allowed.MEDIA);
      results.end();
    }
    marks.control(blocks, message, Field.CACHE_CONTROL);
  }

  private void content(int index, Allowed allowed) {
    int before = blocks.written();
    parts.write(blocks, message, Field.CONTENT, field(index, ".content"), allowed);
    markMessage(before);
  }

  private void markMessage(int writtenBefore) {
    if (blocks.written() > writtenBefore) {
      marks.control(blocks, message, Field.CACHE_CONTROL);
    }
  }

  /// Without a block in it a user's turn would vanish, and turns of the assistant run together.
  private void ensureTurn() {
    if (blocks.isEmpty()) {
      blocks.text(PLACEHOLDER);
    }
  }

  private void read(int index) {
    message.read(body, conversation.from(index), body.length);
    if (message.has(Field.NAME)) {
      request.findings().drop("messages[].name");
    }
  }

  private static String field(int index, String member) {
    return "messages[" + index + "]" + member;
  }
}
