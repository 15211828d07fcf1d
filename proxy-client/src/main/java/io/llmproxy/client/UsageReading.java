package io.llmproxy.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.usage.ChatUsage;
import io.llmproxy.provider.usage.MessagesUsage;
import io.llmproxy.provider.wire.Dialect;
import io.llmproxy.provider.wire.Usage;

/// Finds the token counts of a body or of a stream's records. One for each reply; for one thread.
final class UsageReading {

  private static final byte[] USAGE = "usage".getBytes(US_ASCII);

  /// Groq's own place for them.
  private static final byte[] GROQ = "x_groq".getBytes(US_ASCII);

  /// Where a stream of Messages begins.
  private static final byte[] MESSAGE = "message".getBytes(US_ASCII);

  private final Dialect dialect;
  private final JsonCursor cursor = new JsonCursor();
  private final ChatUsage chat = new ChatUsage();
  private final MessagesUsage messages = new MessagesUsage();

  UsageReading(Dialect dialect) {
    this.dialect = dialect;
  }

  /// Reads an object; whether it told counts.
  boolean read(byte[] bytes, int from, int to) {
    cursor.reset(bytes, from, to);
    return readObject();
  }

  private boolean readObject() {
    boolean told = false;
    if (cursor.enterObject()) {
      while (cursor.nextName()) {
        if (cursor.is(USAGE)) {
          told |= readUsage();
        } else if (cursor.is(GROQ) || cursor.is(MESSAGE)) {
          told |= readNested();
        } else {
          cursor.skipValue();
        }
      }
    }
    return told;
  }

  private boolean readNested() {
    boolean told = false;
    if (cursor.enterObject()) {
      while (cursor.nextName()) {
        if (cursor.is(USAGE)) {
          told |= readUsage();
        } else {
          cursor.skipValue();
        }
      }
    }
    return told;
  }

  private boolean readUsage() {
    if (dialect == Dialect.ANTHROPIC_MESSAGES) {
      messages.read(cursor);
      return messages.isReported();
    }
    return chat.read(cursor);
  }

  /// The counts read last.
  Usage usage() {
    return dialect == Dialect.ANTHROPIC_MESSAGES
        ? messages.isReported() ? messages.usage(0) : Usage.NONE
        : chat.usage();
  }
}
