package io.llmproxy.provider.request;

import static io.llmproxy.provider.request.RequestBody.CHOICES;
import static io.llmproxy.provider.request.RequestBody.FIELDS;
import static io.llmproxy.provider.request.RequestBody.MAX_COMPLETION_TOKENS;
import static io.llmproxy.provider.request.RequestBody.MAX_OUTPUT_TOKENS;
import static io.llmproxy.provider.request.RequestBody.MAX_TOKENS;
import static io.llmproxy.provider.request.RequestBody.SERVICE_TIER;

import io.llmproxy.provider.json.JsonKind;
import io.llmproxy.provider.json.JsonScanner;
import io.llmproxy.provider.json.Segments;
import io.llmproxy.provider.json.Splice;
import io.llmproxy.provider.wire.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// How much answer a request asks for, and of what service: what its cost is bounded by. Lives as
/// long as the request's body.
public final class Wish {

  /// A number of more digits is nobody's token count, and might not fit a `long`.
  private static final int MAX_TOKEN_DIGITS = 18;

  private static final int MAX_TIER_BYTES = 32;

  /// Service that costs no more than the standard one, as it is written.
  private static final Set<String> CHEAP_TIERS =
      Set.of("\"default\"", "\"standard\"", "\"standard_only\"", "\"flex\"", "\"on_demand\"");

  private static final int[] CHAT_FIELDS = {MAX_COMPLETION_TOKENS, MAX_TOKENS};
  private static final int[] MESSAGES_FIELDS = {MAX_TOKENS};
  private static final int[] RESPONSES_FIELDS = {MAX_OUTPUT_TOKENS};
  private static final int[] NONE = {};

  private final Operation operation;
  private final JsonScanner scanner;
  private final Segments segments;

  Wish(Operation operation, JsonScanner scanner, Segments segments) {
    this.operation = operation;
    this.scanner = scanner;
    this.segments = segments;
  }

  /// Whether there is an answer made of tokens.
  public boolean hasOutput() {
    return fields().length > 0;
  }

  /// The largest number of output tokens the caller allows; -1 where it does not say, or not as a
  /// plain number.
  public long maxOutputTokens() {
    long most = -1;
    for (int field : fields()) {
      most = Math.max(most, number(field));
    }
    return most;
  }

  /// How many answers the caller asks for at once; [Integer#MAX_VALUE] where that is no plain
  /// number.
  public int choices() {
    if (operation != Operation.CHAT_COMPLETIONS
        || !scanner.has(CHOICES)
        || scanner.kind(CHOICES) == JsonKind.NULL) {
      return 1;
    }
    long choices = number(CHOICES);
    return choices < 0 ? Integer.MAX_VALUE : Math.clamp(choices, 1, Integer.MAX_VALUE);
  }

  /// Whether the caller asks for service that may cost more than the standard one.
  public boolean mayBeUrgent() {
    return scanner.has(SERVICE_TIER)
        && scanner.kind(SERVICE_TIER) != JsonKind.NULL
        && !isCheapTier();
  }

  private boolean isCheapTier() {
    long start = scanner.start(SERVICE_TIER);
    long end = scanner.end(SERVICE_TIER);
    return end - start <= MAX_TIER_BYTES
        && CHEAP_TIERS.contains(new String(segments.copy(start, end), StandardCharsets.UTF_8));
  }

  /// What must change in the body so that no answer has more than `tokens`.
  Splice limitedTo(long tokens) {
    byte[] number = Long.toString(tokens).getBytes(StandardCharsets.US_ASCII);
    Splice splice = new Splice();
    boolean said = false;
    for (int field : fields()) {
      if (scanner.has(field)) {
        splice.replace(scanner.start(field), scanner.end(field), number);
        said = true;
      }
    }
    if (!said) {
      // Of the two names that a chat has for it this is the one that every server knows. Another
      // field follows: a request has a model.
      int field = fields()[fields().length - 1];
      String member = "\"" + FIELDS.name(field) + "\":" + tokens + ",";
      long inside = scanner.rootStart() + 1;
      splice.replace(inside, inside, member.getBytes(StandardCharsets.US_ASCII));
    }
    return splice;
  }

  private int[] fields() {
    return switch (operation) {
      case CHAT_COMPLETIONS -> CHAT_FIELDS;
      case MESSAGES -> MESSAGES_FIELDS;
      case RESPONSES -> RESPONSES_FIELDS;
      case EMBEDDINGS, COUNT_TOKENS -> NONE;
    };
  }

  private long number(int field) {
    if (!scanner.has(field) || scanner.kind(field) != JsonKind.NUMBER) {
      return -1;
    }
    long start = scanner.start(field);
    long end = scanner.end(field);
    if (end - start > MAX_TOKEN_DIGITS) {
      return -1;
    }
    long number = 0;
    for (byte b : segments.copy(start, end)) {
      if (b < '0' || b > '9') {
        return -1;
      }
      number = 10 * number + b - '0';
    }
    return number;
  }
}
