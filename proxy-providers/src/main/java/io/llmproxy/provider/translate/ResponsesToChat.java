package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.request.RequestFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// Turns the body of a Responses request into one of Chat Completions.
///
/// It writes only fields it knows: providers refuse others. What has no counterpart is left out and
/// named; where that would change what was asked for, the request is refused. So is one that refers
/// to what an earlier request left with OpenAI, since nothing is stored here.
public final class ResponsesToChat {
  private static final MemberNames MEMBERS = MemberNames.of(Field.class);
  private static final MemberNames STREAM_OPTIONS = MemberNames.of("include_obfuscation");
  private static final int MORE_BYTES = 1024;

  private enum Field {
    MODEL,
    INPUT,
    INSTRUCTIONS,
    MAX_OUTPUT_TOKENS,
    TOOLS,
    TOOL_CHOICE,
    PARALLEL_TOOL_CALLS,
    REASONING,
    TEXT,
    TEMPERATURE,
    TOP_P,
    SERVICE_TIER,
    SAFETY_IDENTIFIER,
    USER,
    PROMPT_CACHE_KEY,
    STREAM,
    STREAM_OPTIONS,
    STORE,
    INCLUDE,
    TRUNCATION,
    BACKGROUND,
    PREVIOUS_RESPONSE_ID,
    CONVERSATION,
    PROMPT
  }

  private final ChatDraft draft;
  private final ChatScalars scalars;
  private final JsonSpan[] at;

  private ResponsesToChat(ChatDraft draft, JsonSpan[] at) {
    this.draft = draft;
    this.scalars = new ChatScalars(draft);
    this.at = at;
  }

  /// Translates `body`, which has been scanned and found to be a JSON object without faults, for
  /// `upstreamModel` of a provider that is like `target`.
  public static Translation translate(
      byte[] body, String upstreamModel, ChatTarget target, ByteBufAllocator allocator) {
    ByteBuf out = allocator.buffer(body.length + body.length / 8 + MORE_BYTES);
    boolean done = false;
    try {
      ChatDraft draft = new ChatDraft(out, ChatModel.of(target, upstreamModel));
      JsonSpan root = JsonSpan.of(body);
      new ChatScalars(draft).dropUnknown(root, MEMBERS, "");
      new ResponsesToChat(draft, root.members(MEMBERS)).write(upstreamModel);
      RequestFault fault = draft.fault();
      done = fault == null;
      return fault == null
          ? new Translation.Done(out, draft.dropped())
          : new Translation.Refused(fault);
    } finally {
      if (!done) {
        out.release();
      }
    }
  }

  private void write(String upstreamModel) {
    refuseStored();
    draft.json().startObject();
    draft.name("model").string(upstreamModel);
    new ResponsesInput(draft).write(at(Field.INSTRUCTIONS), at(Field.INPUT));
    writeMaxTokens(at(Field.MAX_OUTPUT_TOKENS));
    scalars.writeSampling("temperature", at(Field.TEMPERATURE));
    scalars.writeSampling("top_p", at(Field.TOP_P));
    boolean tools =
        new ResponsesTools(draft)
            .write(at(Field.TOOLS), at(Field.TOOL_CHOICE), at(Field.PARALLEL_TOOL_CALLS));
    ResponsesAnswer answer = new ResponsesAnswer(draft);
    answer.writeReasoning(at(Field.REASONING));
    answer.writeText(at(Field.TEXT));
    boolean safety = at(Field.SAFETY_IDENTIFIER).isText();
    scalars.writeUser(at(safety ? Field.SAFETY_IDENTIFIER : Field.USER));
    writeTier(at(Field.SERVICE_TIER));
    writeCacheKey(at(Field.PROMPT_CACHE_KEY));
    if (at(Field.STREAM).isTrue()) {
      scalars.writeStream(tools);
    }
    draft.json().endObject();
    dropOthers();
  }

  private JsonSpan at(Field field) {
    return at[field.ordinal()];
  }

  private void refuseStored() {
    refuseStored("previous_response_id", at(Field.PREVIOUS_RESPONSE_ID));
    refuseStored("conversation", at(Field.CONVERSATION));
    refuseStored("prompt", at(Field.PROMPT));
    if (at(Field.BACKGROUND).isTrue()) {
      refuseStored("background", at(Field.BACKGROUND));
    }
  }

  private void refuseStored(String field, JsonSpan value) {
    if (value.isPresent()) {
      draft.unsupported(field, value.kind() + ResponsesInput.NEEDS_A_STORE);
    }
  }

  private void writeMaxTokens(JsonSpan limit) {
    if (!limit.isPresent()) {
      return;
    }
    if (limit.isCount() && limit.count() > 0) {
      draft.name(draft.target().maxTokens());
      draft.raw(limit);
    } else {
      draft.wrong("max_output_tokens", limit, "a whole number of tokens, at least 1");
    }
  }

  /// What is not `default` costs more or may come later, so that it is never put in its place.
  private void writeTier(JsonSpan tier) {
    if (!tier.isPresent() || tier.is("auto")) {
      return;
    }
    String word = tier.is("default") ? draft.target().standardTier() : tier.word();
    if (tier.is("default") ? !word.isEmpty() : draft.target().takesTier(word)) {
      draft.name("service_tier");
      draft.plain(word);
    } else if (!tier.is("default")) {
      draft.drop("service_tier");
    }
  }

  private void writeCacheKey(JsonSpan key) {
    if (key.isText() && draft.target() == ChatTarget.OPENAI) {
      draft.name("prompt_cache_key");
      draft.raw(key);
    } else if (key.isPresent()) {
      draft.drop("prompt_cache_key");
    }
  }

  /// Where a field says what is done anyway, nothing is lost.
  private void dropOthers() {
    if (at(Field.SAFETY_IDENTIFIER).isText() && at(Field.USER).isPresent()) {
      draft.drop("user");
    }
    if (at(Field.STORE).isPresent() && !at(Field.STORE).isFalse()) {
      draft.drop("store");
    }
    JsonCursor included = at(Field.INCLUDE).cursor();
    if (at(Field.INCLUDE).isPresent() && !(included.enterArray() && !included.nextElement())) {
      draft.drop("include");
    }
    if (at(Field.TRUNCATION).isPresent() && !at(Field.TRUNCATION).is("disabled")) {
      draft.drop("truncation");
    }
    JsonSpan options = at(Field.STREAM_OPTIONS);
    scalars.dropUnknown(options, STREAM_OPTIONS, "stream_options.");
    JsonSpan obfuscation = options.members(STREAM_OPTIONS)[0];
    if (obfuscation.isPresent() && !obfuscation.isFalse()) {
      draft.drop("stream_options.include_obfuscation");
    }
  }
}
