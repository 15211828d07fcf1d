package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonWriter;
import io.netty.buffer.ByteBuf;

/// Writes events whose data says their type, as Messages and Responses have them; one at a time.
final class StreamEvents {
  private final ByteBuf out;
  private final boolean numbered;
  private int sequence;

  /// Borrows `out`.
  ///
  /// @param numbered whether each event says its number, from 0
  StreamEvents(ByteBuf out, boolean numbered) {
    this.out = out;
    this.numbered = numbered;
  }

  /// Begins an event of `type`, whose members follow, until [#end].
  JsonWriter begin(String type) {
    out.writeCharSequence("event: " + type + "\ndata: ", US_ASCII);
    JsonWriter json = new JsonWriter(out);
    json.startObject().name("type").string(type);
    if (numbered) {
      json.name("sequence_number").number(sequence++);
    }
    return json;
  }

  void end(JsonWriter json) {
    json.endObject();
    out.writeCharSequence("\n\n", US_ASCII);
  }

  /// The insides of a string that holds `value` as JSON.
  void quote(JsonWriter json, JsonSpan value) {
    json.openString();
    JsonStrings.writeQuoted(out, value.bytes(), value.from(), value.to());
    json.closeString();
  }
}
