package io.llmproxy.provider.usage;

import static io.llmproxy.provider.json.JsonCursor.ABSENT;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.Usage;

/// The usage object of Chat Completions, also as GLM, Groq and Grok write it. The one read last
/// counts.
public final class ChatUsage {
  private static final byte[] PROMPT = "prompt_tokens".getBytes(US_ASCII);
  private static final byte[] COMPLETION = "completion_tokens".getBytes(US_ASCII);
  private static final byte[] TOTAL = "total_tokens".getBytes(US_ASCII);
  private static final byte[] PROMPT_DETAILS = "prompt_tokens_details".getBytes(US_ASCII);
  private static final byte[] COMPLETION_DETAILS = "completion_tokens_details".getBytes(US_ASCII);
  private static final byte[] CACHED = "cached_tokens".getBytes(US_ASCII);
  private static final byte[] CACHE_WRITE = "cache_write_tokens".getBytes(US_ASCII);
  private static final byte[] AUDIO = "audio_tokens".getBytes(US_ASCII);
  private static final byte[] REASONING = "reasoning_tokens".getBytes(US_ASCII);

  private final BillingFields billing = new BillingFields();
  private boolean reported;
  private long prompt;
  private long completion;
  private long total;
  private long cached;
  private long cacheWrite;
  private long promptAudio;
  private long reasoning;
  private long completionAudio;

  private Usage normal = Usage.NONE;

  /// Reads the value `cursor` is at; whether it was a whole object that tells prompt or completion
  /// tokens. Anything else, such as Groq's `{"dram_cached_tokens":0}`, changes nothing.
  public boolean read(JsonCursor cursor) {
    if (!cursor.enterObject()) {
      return false;
    }
    clear();
    while (cursor.nextName()) {
      readMember(cursor);
    }
    if (!cursor.isWhole() || (prompt == ABSENT && completion == ABSENT)) {
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
    prompt = ABSENT;
    completion = ABSENT;
    total = 0;
    cached = 0;
    cacheWrite = 0;
    promptAudio = 0;
    reasoning = 0;
    completionAudio = 0;
  }

  private void readMember(JsonCursor cursor) {
    if (cursor.is(PROMPT)) {
      prompt = cursor.readCount();
    } else if (cursor.is(COMPLETION)) {
      completion = cursor.readCount();
    } else if (cursor.is(TOTAL)) {
      total = orZero(cursor.readCount());
    } else if (cursor.is(PROMPT_DETAILS)) {
      readPromptDetails(cursor);
    } else if (cursor.is(COMPLETION_DETAILS)) {
      readCompletionDetails(cursor);
    } else if (cursor.is(BillingFields.COST_IN_USD_TICKS)) {
      billing.readCost(cursor);
    } else {
      cursor.skipValue();
    }
  }

  private void readPromptDetails(JsonCursor cursor) {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(CACHED)) {
        cached = orZero(cursor.readCount());
      } else if (cursor.is(CACHE_WRITE)) {
        cacheWrite = orZero(cursor.readCount());
      } else if (cursor.is(AUDIO)) {
        promptAudio = orZero(cursor.readCount());
      } else {
        cursor.skipValue();
      }
    }
  }

  private void readCompletionDetails(JsonCursor cursor) {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(REASONING)) {
        reasoning = orZero(cursor.readCount());
      } else if (cursor.is(AUDIO)) {
        completionAudio = orZero(cursor.readCount());
      } else {
        cursor.skipValue();
      }
    }
  }

  private Usage normalize() {
    long in = orZero(prompt);
    long out = orZero(completion);
    // Cached tokens are among the prompt's, unless there are more of them: then the prompt is what
    // was not cached. The provider's total is no witness: GLM has sent wrong ones.
    long uncached = cached > in ? in : in - cached;
    long input = floor(uncached - cacheWrite - promptAudio);
    // xAI counts reasoning on top of the completion, which only its total tells.
    boolean onTop = total == in + out + reasoning;
    long reasoned = onTop ? reasoning : Math.min(reasoning, out);
    long text = onTop ? out : out - reasoned;
    long audio = Math.min(completionAudio, text);
    return new Usage(
        input, cached, 0, 0, cacheWrite, 0, promptAudio, text - audio, reasoned, audio, total);
  }

  private static long orZero(long count) {
    return count == ABSENT ? 0 : count;
  }

  private static long floor(long difference) {
    return Math.max(0, difference);
  }
}
