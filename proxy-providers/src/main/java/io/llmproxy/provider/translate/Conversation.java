package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonCursor;
import java.util.Arrays;

/// Where the messages of a Chat Completions request stand, and whose they are.
final class Conversation {

  /// Who speaks.
  enum Role {
    SYSTEM,
    USER,
    ASSISTANT,
    TOOL
  }

  private enum Field {
    ROLE,
    TOOL_CALLS
  }

  private static final int FIRST = 16;

  private final byte[] body;
  private final Findings findings;
  private int[] from = new int[FIRST];
  private Role[] roles = new Role[FIRST];
  private int count;
  private int last = -1;
  private boolean lastCalls; // the assistant's last message calls tools

  private Conversation(byte[] body, Findings findings) {
    this.body = body;
    this.findings = findings;
  }

  static Conversation of(ChatRequest request) {
    Conversation conversation = new Conversation(request.body(), request.findings());
    Members<ChatField> fields = request.fields();
    if (fields.first(ChatField.MESSAGES) == '[') {
      conversation.read(fields.from(ChatField.MESSAGES));
    } else if (fields.has(ChatField.MESSAGES)) {
      request.refuse(ChatField.MESSAGES, "no array", "an array of messages");
    } else {
      request.findings().missing("messages", "an array of messages");
    }
    return conversation;
  }

  int count() {
    return count;
  }

  /// Where the message begins.
  int from(int index) {
    return from[index];
  }

  Role role(int index) {
    return roles[index];
  }

  /// Whether nothing but instructions follows the message.
  boolean isLast(int index) {
    return index == last;
  }

  /// Whether the answer is to go on from a turn of the assistant: one that it began, or whose calls
  /// have just been answered.
  boolean continuesTurn() {
    return lastCalls || (last >= 0 && roles[last] == Role.ASSISTANT);
  }

  /// The index of an assistant's message whose text the answer is to go on from, negative if there
  /// is none.
  int prefill() {
    return last >= 0 && roles[last] == Role.ASSISTANT && !lastCalls ? last : -1;
  }

  private void read(int at) {
    JsonCursor cursor = new JsonCursor();
    cursor.reset(body, at, body.length);
    Members<Field> message = new Members<>(Field.class);
    cursor.enterArray();
    while (cursor.nextElement()) {
      int start = cursor.valueStart();
      cursor.skipValue();
      add(start, message);
    }
    if (count == 0) {
      findings.refuse("messages", "an empty array", "at least one message");
    }
  }

  private void add(int start, Members<Field> message) {
    boolean object = message.read(body, start, body.length);
    String name = message.text(Field.ROLE);
    Role role =
        switch (name) {
          case "system", "developer" -> Role.SYSTEM;
          case "user" -> Role.USER;
          case "assistant" -> Role.ASSISTANT;
          case "tool" -> Role.TOOL;
          default -> null;
        };
    if (role == null) {
      findings.refuse(
          "messages[" + count + "].role",
          object && message.isString(Field.ROLE) ? "\"" + name + "\"" : "no role",
          "system, developer, user, assistant or tool");
      return;
    }
    if (count == from.length) {
      from = Arrays.copyOf(from, count * 2);
      roles = Arrays.copyOf(roles, count * 2);
    }
    if (role != Role.SYSTEM) {
      last = count;
    }
    if (role == Role.ASSISTANT) {
      lastCalls = message.first(Field.TOOL_CALLS) == '[';
    }
    from[count] = start;
    roles[count] = role;
    count++;
  }
}
