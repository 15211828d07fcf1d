package io.llmproxy.provider.usage;

import static io.llmproxy.provider.json.JsonCursor.ABSENT;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.Usage;

/// The usage object of Responses. The one read last counts.
public final class ResponsesUsage {
  private static final byte[] INPUT = "input_tokens".getBytes(US_ASCII);
  private static final byte[] OUTPUT = "output_tokens".getBytes(US_ASCII);
  private static final byte[] TOTAL = "total_tokens".getBytes(US_ASCII);
  private static final byte[] INPUT_DETAILS = "input_tokens_details".getBytes(US_ASCII);
  private static final byte[] OUTPUT_DETAILS = "output_tokens_details".getBytes(US_ASCII);
  private static final byte[] CACHED = "cached_tokens".getBytes(US_ASCII);
  private static final byte[] CACHE_WRITE = "cache_write_tokens".getBytes(US_ASCII);
  private static final byte[] WRITE_DETAILS = "cache_write_tokens_details".getBytes(US_ASCII);
  private static final byte[] WRITE_30M = "ttl_30m_tokens".getBytes(US_ASCII);
  private static final byte[] WRITE_12H = "ttl_12h_tokens".getBytes(US_ASCII);
  private static final byte[] AUDIO = "audio_tokens".getBytes(US_ASCII);
  private static final byte[] REASONING = "reasoning_tokens".getBytes(US_ASCII);

  private final BillingFields billing = new BillingFields();
  private boolean reported;
  private long input;
  private long output;
  private long total;
  private long cached;
  private long written;
  private long written30m;
  private long written12h;
  private long inputAudio;
  private long reasoning;
  private long outputAudio;

  private Usage normal = Usage.NONE;

  /// Reads the value `cursor` is at; whether it was a whole object that tells input or output
  /// tokens. Anything else changes nothing.
  public boolean read(JsonCursor cursor) {
    if (!cursor.enterObject()) {
      return false;
    }
    clear();
    while (cursor.nextName()) {
      readMember(cursor);
    }
    if (!cursor.isWhole() || (input == ABSENT && output == ABSENT)) {
      return false;
    }
    normal = normalize();
    reported = true;
    return true;
  }

  /// Whether usage was ever read.
  public boolean isReported() {
    return reported;
  }

  /// The usage read last, [Usage#NONE] before.
  public Usage usage() {
    return normal;
  }

  /// Reads the value of `service_tier`, which stands beside the usage object.
  public void readTier(JsonCursor cursor) {
    billing.readTier(cursor);
  }

  /// What was said of the price.
  public Billing billing() {
    return billing.billing();
  }

  private void clear() {
    input = ABSENT;
    output = ABSENT;
    total = 0;
    cached = 0;
    written = 0;
    written30m = 0;
    written12h = 0;
    inputAudio = 0;
    reasoning = 0;
    outputAudio = 0;
  }

  private void readMember(JsonCursor cursor) {
    if (cursor.is(INPUT)) {
      input = cursor.readCount();
    } else if (cursor.is(OUTPUT)) {
      output = cursor.readCount();
    } else if (cursor.is(TOTAL)) {
      total = orZero(cursor.readCount());
    } else if (cursor.is(INPUT_DETAILS)) {
      readInputDetails(cursor);
    } else if (cursor.is(OUTPUT_DETAILS)) {
      readOutputDetails(cursor);
    } else if (cursor.is(BillingFields.COST_IN_USD_TICKS)) {
      billing.readCost(cursor);
    } else {
      cursor.skipValue();
    }
  }

  private void readInputDetails(JsonCursor cursor) {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(CACHED)) {
        cached = orZero(cursor.readCount());
      } else if (cursor.is(CACHE_WRITE)) {
        written = orZero(cursor.readCount());
      } else if (cursor.is(WRITE_DETAILS)) {
        readWriteDetails(cursor);
      } else if (cursor.is(AUDIO)) {
        inputAudio = orZero(cursor.readCount());
      } else {
        cursor.skipValue();
      }
    }
  }

  private void readWriteDetails(JsonCursor cursor) {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(WRITE_30M)) {
        written30m = orZero(cursor.readCount());
      } else if (cursor.is(WRITE_12H)) {
        written12h = orZero(cursor.readCount());
      } else {
        cursor.skipValue();
      }
    }
  }

  private void readOutputDetails(JsonCursor cursor) {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(REASONING)) {
        reasoning = orZero(cursor.readCount());
      } else if (cursor.is(AUDIO)) {
        outputAudio = orZero(cursor.readCount());
      } else {
        cursor.skipValue();
      }
    }
  }

  /// All counts but those of audio, cache and reasoning include these.
  private Usage normalize() {
    // What no lifetime is told of lives the shortest.
    long short30m = written30m + floor(written - written30m - written12h);
    long in = floor(orZero(input) - cached - short30m - written12h - inputAudio);
    long out = orZero(output);
    long reasoned = Math.min(reasoning, out);
    long audio = Math.min(outputAudio, out - reasoned);
    long text = out - reasoned - audio;
    return new Usage(
        in, cached, 0, 0, short30m, written12h, inputAudio, text, reasoned, audio, total);
  }

  private static long orZero(long count) {
    return count == ABSENT ? 0 : count;
  }

  private static long floor(long difference) {
    return Math.max(0, difference);
  }
}
