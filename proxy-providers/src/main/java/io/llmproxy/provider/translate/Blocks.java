package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An array of content blocks that is being written. It opens with its first block, so that none is
/// written that stays empty; so does a turn of the conversation around it.
final class Blocks {
  private final JsonWriter out;
  private String name = "";
  private @Nullable String role;
  private @Nullable String openRole;
  private boolean open;
  private boolean blockOpen;
  private boolean cached;
  private int written;

  Blocks(JsonWriter out) {
    this.out = out;
  }

  /// The next block begins an array that is the member `name`.
  void begin(String name) {
    this.name = name;
    this.role = null;
  }

  /// The next block belongs to a turn of `role`: the one that is open, if it is of that role.
  void turn(String role) {
    this.name = "content";
    this.role = role;
  }

  /// Whether the array that the next block belongs to has none yet.
  boolean isEmpty() {
    return !open || !Objects.equals(role, openRole);
  }

  /// Blocks begun so far, in all arrays.
  int written() {
    return written;
  }

  /// Begins a block; its further members are the caller's to write.
  JsonWriter block(String type) {
    if (isEmpty()) {
      end();
      open();
    }
    endBlock();
    blockOpen = true;
    cached = false;
    written++;
    return out.startObject().name("type").string(type);
  }

  /// Writes a block of text whose inside stands in `[from, to)` of `body`.
  void text(byte[] body, int from, int to) {
    block("text").name("text").escaped(body, from, to);
  }

  /// Writes a block of text of ours.
  void text(String text) {
    block("text").name("text").string(text);
  }

  /// Whether the block begun last can be marked as the end of what is to be cached.
  boolean isCacheable() {
    return blockOpen && !cached;
  }

  /// Marks the block begun last, once.
  void cacheControl(byte[] body, int from, int to) {
    cached = true;
    out.name("cache_control").raw(body, from, to);
  }

  /// Closes the array, if it was opened, and the turn around it.
  void end() {
    endBlock();
    if (open) {
      out.endArray();
      if (openRole != null) {
        out.endObject();
      }
    }
    open = false;
  }

  private void open() {
    open = true;
    openRole = role;
    if (role != null) {
      out.startObject().name("role").string(role);
    }
    out.name(name).startArray();
  }

  private void endBlock() {
    if (blockOpen) {
      out.endObject();
      blockOpen = false;
    }
  }
}
