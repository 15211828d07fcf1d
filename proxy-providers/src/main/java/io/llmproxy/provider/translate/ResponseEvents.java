package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.translate.ResponseItem.Kind;
import io.llmproxy.provider.wire.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the events of one Responses stream, numbered from 0.
final class ResponseEvents {
  private static final byte[] EVENT = ascii("event: ");
  private static final byte[] DATA = ascii("\ndata: {\"type\":\"");
  private static final byte[] SEQUENCE = ascii("\",\"sequence_number\":");
  private static final byte[] END = ascii("}\n\n");

  private static final byte[] CREATED = ascii("response.created");
  private static final byte[] IN_PROGRESS = ascii("response.in_progress");
  private static final byte[] COMPLETED = ascii("response.completed");
  private static final byte[] INCOMPLETE = ascii("response.incomplete");
  private static final byte[] FAILED = ascii("response.failed");
  private static final byte[] ERROR = ascii("error");
  private static final byte[] ITEM_ADDED = ascii("response.output_item.added");
  private static final byte[] ITEM_DONE = ascii("response.output_item.done");

  private static final byte[] RESPONSE = ascii(",\"response\":");
  private static final byte[] ITEM = ascii(",\"item\":");
  private static final byte[] ITEM_ID = ascii(",\"item_id\":\"");
  private static final byte[] AFTER_ID = ascii("\",\"output_index\":");
  private static final byte[] OUTPUT_INDEX = ascii(",\"output_index\":");
  private static final byte[] DELTA = ascii(",\"delta\":\"");
  private static final byte[] PART = ascii(",\"part\":");
  private static final byte[] PARAM = ascii(",\"param\":null");

  /// More than an event is beside its texts and the item's ids.
  private static final int EVENT_BYTES = 512;

  private final ResponseObject response;
  private ByteBuf out = Unpooled.EMPTY_BUFFER;
  private int sequence;
  private boolean begun;

  // What the deltas of an item share, put together once.
  private @Nullable ResponseItem growing;
  private byte[] deltaHead = {};
  private byte[] deltaMiddle = {};
  private byte[] deltaTail = {};

  // The digits of a number, the last of them last.
  private final byte[] digits = new byte[10];

  /// The names of the events of an item, and what only those of its kind say.
  private enum Names {
    REASONING(
        "response.reasoning_summary_part",
        "response.reasoning_summary_text",
        ",\"summary_index\":0",
        ",\"text\":\"",
        "\""),
    TEXT(
        "response.content_part",
        "response.output_text",
        ",\"content_index\":0",
        ",\"text\":\"",
        "\",\"logprobs\":[]"),
    REFUSAL(
        "response.content_part",
        "response.refusal",
        ",\"content_index\":0",
        ",\"refusal\":\"",
        "\""),
    CALL("", "response.function_call_arguments", "", ",\"arguments\":\"", "\"");

    private final byte[] partAdded;
    private final byte[] partDone;
    private final byte[] textDelta;
    private final byte[] textDone;
    private final byte[] place;
    private final byte[] text;
    private final byte[] textEnd;

    Names(String part, String text, String place, String field, String fieldEnd) {
      this.partAdded = ascii(part + ".added");
      this.partDone = ascii(part + ".done");
      this.textDelta = ascii(text + ".delta");
      this.textDone = ascii(text + ".done");
      this.place = ascii(place);
      this.text = ascii(field);
      this.textEnd = ascii(fieldEnd);
    }

    private static Names of(Kind kind) {
      return switch (kind) {
        case REASONING -> REASONING;
        case TEXT -> TEXT;
        case REFUSAL -> REFUSAL;
        case CALL -> CALL;
      };
    }
  }

  /// Events about `response`.
  ResponseEvents(ResponseObject response) {
    this.response = response;
  }

  /// Borrows `out`; events are appended to it from now on.
  void to(ByteBuf out) {
    this.out = out;
  }

  /// What the ids of items are made of, once the response [#begin]s.
  String base() {
    return response.base();
  }

  void begin(byte[] bytes, Piece id) {
    begun = true;
    response.id(bytes, id);
    open(CREATED).writeBytes(RESPONSE);
    response.writeBegun(out);
    out.writeBytes(END);
    open(IN_PROGRESS).writeBytes(RESPONSE);
    response.writeBegun(out);
    out.writeBytes(END);
  }

  /// The item begins, and its part, if it has one.
  void added(ResponseItem item) {
    Names names = Names.of(item.kind());
    open(ITEM_ADDED).writeBytes(OUTPUT_INDEX);
    number(item.index());
    out.writeBytes(ITEM);
    item.writeEmpty(out);
    out.writeBytes(END);
    if (names != Names.CALL) {
      place(item, names, names.partAdded).writeBytes(PART);
      item.writePart(out, false);
      out.writeBytes(END);
    }
  }

  /// The inside `[from, to)` of a string is the next of the item's text.
  void delta(ResponseItem item, byte[] bytes, int from, int to) {
    if (item != growing) {
      growing = item;
      prepareDelta(item);
    }
    out.writeBytes(deltaHead);
    number(sequence++);
    out.writeBytes(deltaMiddle);
    EscapedText.copy(out, bytes, from, to);
    out.writeBytes(deltaTail);
  }

  /// Nothing more of the item, which is closed, comes.
  void done(ResponseItem item) {
    out.ensureWritable(3 * (item.text().length() + EVENT_BYTES));
    Names names = Names.of(item.kind());
    place(item, names, names.textDone).writeBytes(names.text);
    item.writeText(out);
    out.writeBytes(names.textEnd).writeBytes(END);
    if (names != Names.CALL) {
      place(item, names, names.partDone).writeBytes(PART);
      item.writePart(out, true);
      out.writeBytes(END);
    }
    open(ITEM_DONE).writeBytes(OUTPUT_INDEX);
    number(item.index());
    out.writeBytes(ITEM);
    item.write(out);
    out.writeBytes(END);
  }

  /// The response ended for `finish`, null where its provider said nothing.
  void end(List<ResponseItem> items, @Nullable StopReason finish, Usage usage) {
    open(ResponseObject.isCut(finish) ? INCOMPLETE : COMPLETED).writeBytes(RESPONSE);
    response.write(out, items, finish, usage);
    out.writeBytes(END);
  }

  /// The response failed; where it had not even begun, there is none to tell of.
  void error(ChatError error) {
    if (begun) {
      open(FAILED).writeBytes(RESPONSE);
      response.writeFailed(out, error);
    } else {
      open(ERROR).writeByte(',');
      error.writeMembers(out);
      out.writeBytes(PARAM);
    }
    out.writeBytes(END);
  }

  private void prepareDelta(ResponseItem item) {
    Names names = Names.of(item.kind());
    byte[] index = ascii(Integer.toString(item.index()));
    deltaHead = HeldBytes.joined(EVENT, names.textDelta, DATA, names.textDelta, SEQUENCE);
    deltaMiddle = HeldBytes.joined(ITEM_ID, item.id(), AFTER_ID, index, names.place, DELTA);
    deltaTail = HeldBytes.joined(names.textEnd, END);
  }

  private ByteBuf open(byte[] type) {
    out.writeBytes(EVENT).writeBytes(type).writeBytes(DATA).writeBytes(type).writeBytes(SEQUENCE);
    number(sequence++);
    return out;
  }

  private ByteBuf place(ResponseItem item, Names names, byte[] type) {
    open(type).writeBytes(ITEM_ID).writeBytes(item.id()).writeBytes(AFTER_ID);
    number(item.index());
    return out.writeBytes(names.place);
  }

  /// Not by a string: each event has a number.
  private void number(int value) {
    int first = digits.length;
    int left = value;
    do {
      digits[--first] = (byte) ('0' + left % 10);
      left /= 10;
    } while (left > 0);
    out.writeBytes(digits, first, digits.length - first);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
