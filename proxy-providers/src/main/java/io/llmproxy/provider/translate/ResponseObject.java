package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonWriter;
import io.llmproxy.provider.wire.JsonText;
import io.llmproxy.provider.wire.Usage;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A response: what a reply of Responses is, and what the first and the last event of a stream
/// hold.
///
/// It says nothing of what the request asked for, such as its tools, since it does not know.
final class ResponseObject {
  private static final byte[] ID = ascii("{\"id\":\"resp_");
  private static final byte[] OBJECT = ascii("\",\"object\":\"response\",\"created_at\":");
  private static final byte[] STATUS = ascii(",\"status\":\"");
  private static final byte[] ERROR = ascii("\",\"background\":false,\"error\":");
  private static final byte[] DETAILS = ascii(",\"incomplete_details\":");
  private static final byte[] MODEL = ascii(",\"model\":");
  private static final byte[] OUTPUT = ascii(",\"output\":[");
  private static final byte[] OUTPUT_END =
      ascii("],\"previous_response_id\":null,\"store\":false,\"usage\":");
  private static final byte[] NULL = ascii("null");
  private static final byte[] TOO_LONG = ascii("{\"reason\":\"max_output_tokens\"}");
  private static final byte[] FILTERED = ascii("{\"reason\":\"content_filter\"}");

  private static final byte[] IN_PROGRESS = ascii("in_progress");
  private static final byte[] COMPLETED = ascii("completed");
  private static final byte[] INCOMPLETE = ascii("incomplete");
  private static final byte[] FAILED = ascii("failed");

  /// Stand before ids of providers, and would say of a response's what it is not.
  private static final List<String> PREFIXES = List.of("chatcmpl-", "msg_");

  /// OpenAI takes no longer ids back than 64 characters, and more is put around it.
  private static final int LONGEST_BASE = 48;

  private final byte[] model;
  private final byte[] created;
  private final ResponseEcho echo;
  private String base;

  ResponseObject(ResponseHead head) {
    this.model = JsonText.quoted(head.model());
    this.created = ascii(Long.toString(head.createdSeconds()));
    this.echo = head.echo();
    this.base = plain(head.requestId());
  }

  /// The provider's id has the inside `id` of a string; it may be empty.
  void id(byte[] bytes, Piece id) {
    String own = new String(bytes, id.from, id.length(), US_ASCII);
    for (String prefix : PREFIXES) {
      own = own.startsWith(prefix) ? own.substring(prefix.length()) : own;
    }
    if (!own.isEmpty() && own.length() <= LONGEST_BASE) {
      base = plain(own);
    }
  }

  /// What ids are made of.
  String base() {
    return base;
  }

  /// Writes the response that has only begun.
  void writeBegun(ByteBuf out) {
    open(out, IN_PROGRESS, null, NULL);
    close(out, null);
  }

  /// Writes the response that `error` ended.
  void writeFailed(ByteBuf out, ChatError error) {
    open(out, FAILED, error, NULL);
    close(out, null);
  }

  /// Writes the whole response, which ended for `finish`; its items are closed.
  void write(ByteBuf out, List<ResponseItem> items, @Nullable StopReason finish, Usage usage) {
    open(out, isCut(finish) ? INCOMPLETE : COMPLETED, null, details(finish));
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        out.writeByte(',');
      }
      items.get(i).write(out);
    }
    close(out, usage);
  }

  /// Whether a response that ended for `finish` lacks its end.
  static boolean isCut(@Nullable StopReason finish) {
    return switch (finish) {
      case MAX_TOKENS, WINDOW_EXCEEDED, REFUSAL -> true;
      case END_TURN, TOOL_USE -> false;
      case null -> false;
    };
  }

  private static byte[] details(@Nullable StopReason finish) {
    if (!isCut(finish)) {
      return NULL;
    }
    return finish == StopReason.REFUSAL ? FILTERED : TOO_LONG;
  }

  private void open(ByteBuf out, byte[] status, @Nullable ChatError error, byte[] details) {
    out.writeBytes(ID);
    out.writeCharSequence(base, US_ASCII);
    out.writeBytes(OBJECT).writeBytes(created).writeBytes(STATUS).writeBytes(status);
    out.writeBytes(ERROR);
    if (error == null) {
      out.writeBytes(NULL);
    } else {
      error.writeCodeAndMessage(out);
    }
    out.writeBytes(DETAILS).writeBytes(details).writeBytes(MODEL).writeBytes(model);
    out.writeBytes(OUTPUT);
  }

  private void close(ByteBuf out, @Nullable Usage usage) {
    out.writeBytes(OUTPUT_END);
    if (usage == null) {
      out.writeBytes(NULL);
    } else {
      writeUsage(new JsonWriter(out), usage);
    }
    echo.write(out);
    out.writeByte('}');
  }

  /// Input includes what was read from and written to a cache, output includes reasoning.
  private static void writeUsage(JsonWriter out, Usage usage) {
    long input = usage.totalInput();
    long output = usage.totalOutput();
    out.startObject().name("input_tokens").number(input);
    out.name("input_tokens_details").startObject();
    out.name("cached_tokens").number(usage.cachedInput());
    out.name("cache_write_tokens").number(usage.cacheWrite()).endObject();
    out.name("output_tokens").number(output);
    out.name("output_tokens_details").startObject();
    out.name("reasoning_tokens").number(usage.reasoning()).endObject();
    out.name("total_tokens").number(input + output).endObject();
  }

  private static String plain(String id) {
    return new String(MessageUsage.idPart(id), US_ASCII);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
