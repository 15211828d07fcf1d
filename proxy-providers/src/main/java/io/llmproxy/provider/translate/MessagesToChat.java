package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.request.RequestFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// Turns the body of a Messages request into one of Chat Completions.
///
/// It writes only fields it knows: providers refuse others. What has no counterpart is left out and
/// named; where that would change what was asked for, the request is refused.
public final class MessagesToChat {
  private static final MemberNames MEMBERS =
      MemberNames.of(
          "model",
          "messages",
          "system",
          "max_tokens",
          "stop_sequences",
          "stream",
          "temperature",
          "top_p",
          "tools",
          "tool_choice",
          "thinking",
          "output_config",
          "output_format",
          "metadata",
          "service_tier");
  private static final MemberNames OUTPUT = MemberNames.of("effort", "format");
  private static final MemberNames METADATA = MemberNames.of("user_id");

  private static final int MORE_BYTES = 1024;

  private final ChatDraft draft;
  private final ChatScalars scalars;
  private final JsonSpan[] at;

  private MessagesToChat(ChatDraft draft, JsonSpan[] at) {
    this.draft = draft;
    this.scalars = new ChatScalars(draft);
    this.at = at;
  }

  /// Translates `body`, which has been scanned and found to be a JSON object without faults, for
  /// `upstreamModel` of a provider that is like `target`.
  public static Translation translate(
      byte[] body, String upstreamModel, ChatTarget target, ByteBufAllocator allocator) {
    ByteBuf out = allocator.buffer(body.length + body.length / 8 + MORE_BYTES);
    ChatDraft draft = new ChatDraft(out, ChatModel.of(target, upstreamModel));
    JsonSpan root = JsonSpan.of(body);
    new ChatScalars(draft).dropUnknown(root, MEMBERS, "");
    new MessagesToChat(draft, root.members(MEMBERS)).write(upstreamModel);
    RequestFault fault = draft.fault();
    if (fault != null) {
      out.release();
      return new Translation.Refused(fault);
    }
    return new Translation.Done(out, draft.dropped());
  }

  private void write(String upstreamModel) {
    draft.json().startObject();
    draft.name("model").string(upstreamModel);
    new ChatMessages(draft).write(at[2], at[1]);
    writeMaxTokens(at[3]);
    writeStops(at[4]);
    scalars.writeSampling("temperature", at[6]);
    scalars.writeSampling("top_p", at[7]);
    boolean tools = new ChatTools(draft).write(at[8], at[9]);
    writeOutput(at[10], at[11], at[12]);
    writeUser(at[13]);
    writeTier(at[14]);
    if (at[5].isTrue()) {
      scalars.writeStream(tools);
    }
    draft.json().endObject();
  }

  private void writeMaxTokens(JsonSpan limit) {
    if (!limit.isCount()) {
      draft.wrong("max_tokens", limit, "a whole number of tokens, at least 1");
    } else if (limit.count() == 0) {
      draft.refuse(
          "max_tokens",
          "0 (expected: at least 1; only Anthropic's own models fill a cache without answering)");
    } else {
      draft.name(draft.target().maxTokens());
      draft.raw(limit);
    }
  }

  private void writeStops(JsonSpan stops) {
    if (!stops.isPresent()) {
      return;
    }
    JsonCursor cursor = stops.cursor();
    if (!stops.isArray() || !cursor.enterArray()) {
      draft.wrong("stop_sequences", stops, "an array of strings");
      return;
    }
    int count = 0;
    while (cursor.nextElement()) {
      JsonSpan stop = JsonSpan.next(stops.bytes(), cursor);
      if (!stop.isString()) {
        draft.wrong("stop_sequences[" + count + "]", stop, "a string");
      }
      if (count++ == 0) {
        draft.name("stop").startArray();
      }
      draft.raw(stop);
    }
    if (count == 0) {
      return;
    }
    draft.json().endArray();
    int most = draft.model().refusesStop() ? 0 : draft.target().mostStops();
    if (count > most) {
      draft.refuse(
          "stop_sequences",
          count + " of them (expected: at most " + most + " for " + draft.model().name() + ")");
    }
  }

  private void writeOutput(JsonSpan thinking, JsonSpan config, JsonSpan olderFormat) {
    scalars.dropUnknown(config, OUTPUT, "output_config.");
    JsonSpan[] output = config.members(OUTPUT);
    ChatReasoning reasoning = new ChatReasoning(draft);
    reasoning.writeEffort(thinking, output[0]);
    if (output[1].isPresent()) {
      reasoning.writeFormat("output_config.format", output[1]);
    } else if (olderFormat.isPresent()) {
      reasoning.writeFormat("output_format", olderFormat);
    }
  }

  private void writeUser(JsonSpan metadata) {
    scalars.dropUnknown(metadata, METADATA, "metadata.");
    JsonSpan user = metadata.members(METADATA)[0];
    scalars.writeUser(user);
  }

  private void writeTier(JsonSpan tier) {
    if (!tier.is("standard_only")) {
      // The other, auto, is what every provider does unasked.
      return;
    }
    String standard = draft.target().standardTier();
    if (standard.isEmpty()) {
      draft.drop("service_tier");
    } else {
      draft.name("service_tier");
      draft.plain(standard);
    }
  }
}
