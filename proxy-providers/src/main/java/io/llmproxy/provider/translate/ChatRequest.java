package io.llmproxy.provider.translate;

import java.util.Locale;

/// A Chat Completions request on its way to an Anthropic model: what all who write a part of it
/// share.
final class ChatRequest {
  private final byte[] body;
  private final Members<ChatField> fields;
  private final MessagesModel model;
  private final Findings findings;

  private ChatRequest(
      byte[] body, Members<ChatField> fields, MessagesModel model, Findings findings) {
    this.body = body;
    this.fields = fields;
    this.model = model;
    this.findings = findings;
  }

  /// Reads `body`, known to be JSON, which is borrowed.
  static ChatRequest of(byte[] body, MessagesModel model) {
    Findings findings = new Findings();
    var fields = new Members<>(ChatField.class, "", findings::drop);
    if (!fields.read(body, 0, body.length)) {
      findings.refuse("body", "no JSON object", "a JSON object");
    }
    return new ChatRequest(body, fields, model, findings);
  }

  byte[] body() {
    return body;
  }

  Members<ChatField> fields() {
    return fields;
  }

  MessagesModel model() {
    return model;
  }

  Findings findings() {
    return findings;
  }

  void refuse(ChatField field, String found, String expected) {
    findings.refuse(name(field), found, expected);
  }

  /// `field` is left out.
  void drop(ChatField field) {
    findings.drop(name(field));
  }

  /// Leaves `field` out where the caller gave it.
  void dropIfGiven(ChatField field) {
    if (fields.has(field)) {
      drop(field);
    }
  }

  private static String name(ChatField field) {
    return field.name().toLowerCase(Locale.ROOT);
  }
}
