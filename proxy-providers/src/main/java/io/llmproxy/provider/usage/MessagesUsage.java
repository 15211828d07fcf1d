package io.llmproxy.provider.usage;

import static io.llmproxy.provider.json.JsonCursor.ABSENT;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.Usage;

/// The usage of Anthropic Messages. A stream reports it more than once and cumulatively: the last
/// number said of each count stands, null says nothing.
public final class MessagesUsage {
  private static final byte[] INPUT = "input_tokens".getBytes(US_ASCII);
  private static final byte[] OUTPUT = "output_tokens".getBytes(US_ASCII);
  private static final byte[] OUTPUT_DETAILS = "output_tokens_details".getBytes(US_ASCII);
  private static final byte[] THINKING = "thinking_tokens".getBytes(US_ASCII);
  private static final byte[] CACHE_READ = "cache_read_input_tokens".getBytes(US_ASCII);
  private static final byte[] CACHE_WRITE = "cache_creation_input_tokens".getBytes(US_ASCII);
  private static final byte[] CACHE_WRITE_BY_LIFE = "cache_creation".getBytes(US_ASCII);
  private static final byte[] WRITE_5M = "ephemeral_5m_input_tokens".getBytes(US_ASCII);
  private static final byte[] WRITE_1H = "ephemeral_1h_input_tokens".getBytes(US_ASCII);

  private final BillingFields billing = new BillingFields();
  private long input = ABSENT;
  private long output = ABSENT;
  private long thinking = ABSENT;
  private long cacheRead = ABSENT;
  private long cacheWrite = ABSENT;
  private long write5m = ABSENT;
  private long write1h = ABSENT;

  /// Reads the value `cursor` is at; whether it is an object that tells output tokens.
  public boolean read(JsonCursor cursor) {
    if (!cursor.enterObject()) {
      return false;
    }
    boolean outputSaid = false;
    while (cursor.nextName()) {
      if (cursor.is(OUTPUT)) {
        long count = cursor.readCount();
        outputSaid |= count != ABSENT;
        output = later(output, count);
      } else {
        readMember(cursor);
      }
    }
    return outputSaid;
  }

  /// Whether any count was ever said.
  public boolean isReported() {
    return input != ABSENT || output != ABSENT;
  }

  /// The counts, `moreOutput` tokens added to what was said of the output.
  public Usage usage(long moreOutput) {
    long out = orZero(output);
    long reasoning = Math.min(orZero(thinking), out);
    // Without the split by life all is taken to live the default 5 minutes; so is what the split
    // leaves over.
    long writes = cacheWrite == ABSENT ? orZero(write5m) + orZero(write1h) : cacheWrite;
    long hour = Math.min(orZero(write1h), writes);
    return new Usage(
        orZero(input),
        orZero(cacheRead),
        writes - hour,
        hour,
        0,
        0,
        0,
        out - reasoning + moreOutput,
        reasoning,
        0,
        0);
  }

  /// The output tokens said last, 0 before.
  public long output() {
    return orZero(output);
  }

  /// What was said of the price.
  public Billing billing() {
    return billing.billing();
  }

  private void readMember(JsonCursor cursor) {
    if (cursor.is(INPUT)) {
      input = later(input, cursor.readCount());
    } else if (cursor.is(CACHE_READ)) {
      cacheRead = later(cacheRead, cursor.readCount());
    } else if (cursor.is(CACHE_WRITE)) {
      cacheWrite = later(cacheWrite, cursor.readCount());
    } else if (cursor.is(CACHE_WRITE_BY_LIFE)) {
      readWrites(cursor);
    } else if (cursor.is(OUTPUT_DETAILS)) {
      readDetails(cursor);
    } else if (cursor.is(BillingFields.SERVICE_TIER)) {
      billing.readTier(cursor);
    } else {
      cursor.skipValue();
    }
  }

  private void readWrites(JsonCursor cursor) {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(WRITE_5M)) {
        write5m = later(write5m, cursor.readCount());
      } else if (cursor.is(WRITE_1H)) {
        write1h = later(write1h, cursor.readCount());
      } else {
        cursor.skipValue();
      }
    }
  }

  private void readDetails(JsonCursor cursor) {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(THINKING)) {
        thinking = later(thinking, cursor.readCount());
      } else {
        cursor.skipValue();
      }
    }
  }

  private static long later(long before, long count) {
    return count == ABSENT ? before : count;
  }

  private static long orZero(long count) {
    return count == ABSENT ? 0 : count;
  }
}
