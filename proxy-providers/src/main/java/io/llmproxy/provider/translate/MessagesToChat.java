package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.request.RequestFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

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

  /// OpenAI's limit, and GLM's.
  private static final int LONGEST_USER = 128;

  private static final int MORE_BYTES = 1024;

  private final ChatDraft draft;
  private final JsonSpan[] at;

  private MessagesToChat(ChatDraft draft, JsonSpan[] at) {
    this.draft = draft;
    this.at = at;
  }

  /// Translates `body`, which has been scanned and found to be a JSON object without faults, for
  /// `upstreamModel` of a provider that is like `target`.
  public static Translation translate(
      byte[] body, String upstreamModel, ChatTarget target, ByteBufAllocator allocator) {
    ByteBuf out = allocator.buffer(body.length + body.length / 8 + MORE_BYTES);
    ChatDraft draft = new ChatDraft(out, ChatModel.of(target, upstreamModel));
    JsonSpan root = JsonSpan.of(body);
    dropUnknown(root, MEMBERS, "", draft);
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
    writeSampling("temperature", at[6]);
    writeSampling("top_p", at[7]);
    boolean tools = new ChatTools(draft).write(at[8], at[9]);
    writeOutput(at[10], at[11], at[12]);
    writeUser(at[13]);
    writeTier(at[14]);
    if (at[5].isTrue()) {
      writeStream(tools);
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

  /// Models of OpenAI's that reason refuse sampling parameters.
  private void writeSampling(String field, JsonSpan value) {
    if (!value.isPresent()) {
      return;
    }
    if (draft.model().isOpenAiReasoning()) {
      draft.drop(field);
    } else if (value.kind().equals("a number")) {
      draft.name(field);
      draft.raw(value);
    } else {
      draft.wrong(field, value, "a number");
    }
  }

  private void writeOutput(JsonSpan thinking, JsonSpan config, JsonSpan olderFormat) {
    dropUnknown(config, OUTPUT, "output_config.", draft);
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
    dropUnknown(metadata, METADATA, "metadata.", draft);
    JsonSpan user = metadata.members(METADATA)[0];
    if (!user.isText()) {
      return;
    }
    draft.name(draft.target().userField());
    if (user.insideTo() - user.insideFrom() <= LONGEST_USER) {
      draft.raw(user);
    } else {
      draft.plain(digest(user));
    }
  }

  private static String digest(JsonSpan text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(Arrays.copyOfRange(text.bytes(), text.insideFrom(), text.insideTo()));
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
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

  /// Usage is always asked for: the end of a message tells it.
  private void writeStream(boolean tools) {
    draft.name("stream").bool(true);
    if (draft.target().takesStreamOptions()) {
      draft.name("stream_options").startObject();
      draft.name("include_usage").bool(true);
      if (draft.target() == ChatTarget.OPENAI) {
        // Padding hides lengths from who listens on the wire; it ends here anyway.
        draft.name("include_obfuscation").bool(false);
      }
      draft.json().endObject();
    } else if (tools) {
      draft.name("tool_stream").bool(true);
    }
  }

  private static void dropUnknown(
      JsonSpan object, MemberNames known, String prefix, ChatDraft draft) {
    JsonCursor cursor = object.cursor();
    if (!object.isObject() || !cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (known.placeOf(cursor) < 0) {
        draft.drop(prefix + JsonSpan.name(object.bytes(), cursor));
      }
      cursor.skipValue();
    }
  }
}
