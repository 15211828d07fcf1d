package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonWriter;
import io.netty.buffer.ByteBuf;

/// Puts together what the records of a stream say, as the JSON that the same dialect answers with
/// where no stream is asked for.
interface Fold {

  /// Takes `record`, the object that is the data of one; `event` is what its `event` line calls it
  /// where that is asked of a dialect that has such lines.
  void read(Event event, Fields record);

  /// Whether nothing that follows `record`, which has been read, is of this reply.
  boolean isEnd(Event event, Fields record);

  /// Whether `record` tells of an error.
  boolean isError(Event event, Fields record);

  /// Writes the whole to `out`, at which `json` writes too; only once its reader has found the
  /// stream whole.
  void write(JsonWriter json, ByteBuf out);

  /// What a record is called beside its data.
  interface Event {
    /// Whether the record's `event` line says `name`.
    boolean is(String name);

    /// Whether the record, whose data is `data`, is of `type`: that is what its data says; its
    /// `event` line counts only where the data says none.
    default boolean isOf(String type, Fields data) {
      JsonSpan said = data.get("type");
      return said.isString() ? said.is(type) : is(type);
    }
  }
}
