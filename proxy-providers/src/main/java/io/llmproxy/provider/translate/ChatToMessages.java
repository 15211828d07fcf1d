package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonWriter;
import io.llmproxy.provider.request.RequestFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// Translates requests of Chat Completions into Anthropic Messages.
///
/// Only fields that Messages knows are written, since it refuses any other. Instructions are
/// gathered at the head, wherever they stand in the conversation. The caller's wish for a usage
/// record is not told: Messages always reports usage.
public final class ChatToMessages {
  /// What a translated body may be longer than its original without growing.
  private static final int MORE_BYTES = 512;

  private ChatToMessages() {}

  /// Translates `chatBody`, which a [io.llmproxy.provider.request.RequestBody] has accepted.
  public static Translation translate(
      byte[] chatBody, String upstreamModel, MessagesModel model, ByteBufAllocator allocator) {
    ByteBuf out = allocator.buffer(chatBody.length + MORE_BYTES);
    boolean done = false;
    try {
      ChatRequest request = ChatRequest.of(chatBody, model);
      write(request, upstreamModel, out);
      RequestFault fault = request.findings().fault();
      done = fault == null;
      return fault == null
          ? new Translation.Done(out, request.findings().dropped())
          : new Translation.Refused(fault);
    } finally {
      if (!done) {
        out.release();
      }
    }
  }

  private static void write(ChatRequest request, String upstreamModel, ByteBuf bytes) {
    Conversation conversation = Conversation.of(request);
    if (request.findings().fault() != null) {
      return;
    }
    refusePrefill(request, conversation);
    JsonWriter out = new JsonWriter(bytes);
    Reasoning reasoning = Reasoning.of(request, conversation);
    OutputFormat format = OutputFormat.of(request);
    SchemaWriter schemas = new SchemaWriter(request, out, bytes);
    Turns turns = new Turns(request, conversation, out, bytes);
    out.startObject().name("model").string(upstreamModel);
    out.name("max_tokens").number(reasoning.maxTokens());
    turns.writeSystem(format.instruction());
    turns.writeTurns();
    boolean forceable = request.model().forcedToolAllowed() && !reasoning.hasBudget();
    new Tools(request, out, schemas).write(forceable);
    new Parameters(request, out).write(reasoning);
    reasoning.write(out);
    format.write(out, schemas, reasoning);
    out.endObject();
  }

  private static void refusePrefill(ChatRequest request, Conversation conversation) {
    int index = conversation.prefill();
    if (index >= 0 && !request.model().prefillAllowed()) {
      request
          .findings()
          .refuse(
              "messages[" + index + "].role",
              "assistant, as the last message",
              "user or tool, since "
                  + request.model().name()
                  + " does not go on from the beginning of an answer");
    }
  }
}
