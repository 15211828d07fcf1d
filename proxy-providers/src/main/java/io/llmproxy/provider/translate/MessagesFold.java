package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A stream of Messages as one message.
///
/// What a delta says of a field is joined to that field of its block, also in a delta and a field
/// not known here; the input of a tool and citations have deltas of their own making.
final class MessagesFold implements Fold {
  private final Room room;
  private final GrowingObject message;
  private final List<Block> blocks = new ArrayList<>();

  /// A block that the stream numbers `index`; `input`, if any, is the inside of a string that holds
  /// JSON.
  private record Block(long index, GrowingObject object, HeldBytes input) {}

  MessagesFold(Room room) {
    this.room = room;
    this.message = new GrowingObject(room);
  }

  @Override
  public boolean isError(Event event, Fields data) {
    return event.isOf("error", data);
  }

  @Override
  public boolean isEnd(Event event, Fields data) {
    return event.isOf("message_stop", data);
  }

  @Override
  public void read(Event event, Fields data) {
    if (event.isOf("content_block_delta", data)) {
      Block block = find(data.get("index"));
      if (block != null) {
        readDelta(block, Fields.of(data.get("delta")));
      }
    } else if (event.isOf("content_block_start", data)) {
      begin(data.get("index"), Fields.of(data.get("content_block")));
    } else if (event.isOf("message_start", data)) {
      start(Fields.of(data.get("message")));
    } else if (event.isOf("message_delta", data)) {
      readEnd(data);
    }
  }

  @Override
  public void write(JsonWriter json, ByteBuf out) {
    message.inners("content");
    for (Block block : blocks) {
      if (block.input().length() > 0) {
        block.object().set("input", input(block.input()));
      }
    }
    message.write(json, out);
  }

  private void start(Fields said) {
    said.forEach((name, value) -> {
      switch (name) {
        case "content" -> {
          message.inners(name);
          // Calls by programs come whole, and before all else.
          value.forEach(block -> begin(JsonSpan.NOTHING, Fields.of(block)));
        }
        case "usage" -> readUsage(value);
        default -> message.set(name, value);
      }
    });
  }

  private void begin(JsonSpan index, Fields said) {
    room.count(blocks.size() + 1);
    GrowingObject object = message.addInner("content");
    blocks.add(new Block(index.isCount() ? index.count() : -1, object, new HeldBytes()));
    said.forEach((name, value) -> {
      if (value.isString()) {
        object.append(name, value);
      } else if (value.isArray()) {
        object.extend(name, value);
      } else {
        object.set(name, value);
      }
    });
  }

  private @Nullable Block find(JsonSpan index) {
    for (int i = blocks.size() - 1; index.isCount() && i >= 0; i--) {
      if (blocks.get(i).index() == index.count()) {
        return blocks.get(i);
      }
    }
    return null;
  }

  private void readDelta(Block block, Fields delta) {
    delta.forEach((name, value) -> {
      if (name.equals("partial_json") && value.isString()) {
        if (room.take(value.to() - value.from())) {
          block.input().add(value.bytes(), value.insideFrom(), value.insideTo());
        }
      } else if (name.equals("citation") && value.isPresent()) {
        block.object().add("citations", value);
      } else if (value.isString() && !name.equals("type")) {
        block.object().append(name, value);
      } else if (!name.equals("type")) {
        block.object().set(name, value);
      }
    });
  }

  private void readEnd(Fields data) {
    data.forEach((name, value) -> {
      switch (name) {
        case "type" -> {}
        case "usage" -> readUsage(value);
        case "delta" -> Fields.of(value).forEach(message::set);
        default -> message.set(name, value);
      }
    });
  }

  /// What is said later is said of the whole.
  private void readUsage(JsonSpan usage) {
    GrowingObject counts = message.inner("usage");
    Fields.of(usage).forEach(counts::set);
  }

  /// A model whose tokens ran out may leave an input that is no object.
  private static JsonSpan input(HeldBytes written) {
    ByteBuf json = Unpooled.buffer(written.length());
    EscapedText.unescape(json, written.array(), 0, written.length());
    if (HeldJson.isObject(json)) {
      return JsonSpan.of(ByteBufUtil.getBytes(json));
    }
    json.clear().writeCharSequence("{\"_raw\":\"", US_ASCII);
    EscapedText.copy(json, written.array(), 0, written.length());
    json.writeCharSequence("\"}", US_ASCII);
    return JsonSpan.of(ByteBufUtil.getBytes(json));
  }
}
