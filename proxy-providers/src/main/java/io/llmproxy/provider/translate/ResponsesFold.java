package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonWriter;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// A stream of Responses as one response, which its last event holds.
final class ResponsesFold implements Fold {
  private static final byte[] NOTHING = {};

  private final Room room;
  private byte[] response = NOTHING;

  ResponsesFold(Room room) {
    this.room = room;
  }

  @Override
  public boolean isError(Event event, Fields data) {
    return event.isOf("response.failed", data)
        || event.isOf("error", data)
        || data.get("error").isPresent()
        || Fields.of(data.get("response")).get("error").isPresent();
  }

  @Override
  public boolean isEnd(Event event, Fields data) {
    return event.isOf("response.completed", data) || event.isOf("response.incomplete", data);
  }

  @Override
  public void read(Event event, Fields data) {
    JsonSpan whole = data.get("response");
    if (isEnd(event, data) && room.take(whole.to() - whole.from())) {
      response = Arrays.copyOfRange(whole.bytes(), whole.from(), whole.to());
    }
  }

  @Override
  public void write(JsonWriter json, ByteBuf out) {
    json.raw(response, 0, response.length);
  }
}
