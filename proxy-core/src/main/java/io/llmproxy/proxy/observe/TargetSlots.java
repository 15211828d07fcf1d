package io.llmproxy.proxy.observe;

import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.UsageSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Where each counter of a provider's model stands in its [Tally]: requests by operation, status
/// class and outcome; tokens by source and kind; cost; requests without a known cost; fields that
/// the provider was not sent; costs that it tells otherwise.
final class TargetSlots {

  static final List<String> OPERATIONS =
      Stream.concat(labels(Operation.values()), Stream.of(LabelNames.NONE)).toList();
  static final List<String> STATUS_CLASSES =
      List.of(LabelNames.NONE, "1xx", "2xx", "3xx", "4xx", "5xx");
  static final List<String> OUTCOMES = labels(Outcome.values()).toList();
  static final List<String> SOURCES = labels(UsageSource.values()).toList();

  /// What one request counter counts.
  record RequestSlot(int slot, String operation, String statusClass, String outcome) {}

  /// What one token counter counts.
  record TokenSlot(int slot, String source, TokenKind kind) {}

  static final List<RequestSlot> REQUESTS = requestSlots();
  static final List<TokenSlot> TOKENS = tokenSlots();
  static final int COST_NANO_USD = REQUESTS.size() + TOKENS.size();
  static final int UNPRICED = COST_NANO_USD + 1;
  static final int DROPPED_FIELDS = UNPRICED + 1;
  static final int COST_DIFFERS = DROPPED_FIELDS + 1;
  static final int COUNT = COST_DIFFERS + 1;

  private static final int REQUESTS_WIDTH = STATUS_CLASSES.size() * OUTCOMES.size();
  private static final Map<Operation, Integer> FIRST_REQUEST =
      slots(Operation.class, 0, REQUESTS_WIDTH);
  private static final int WITHOUT_OPERATION = FIRST_REQUEST.size() * REQUESTS_WIDTH;
  private static final Map<Outcome, Integer> OUTCOME = slots(Outcome.class, 0, 1);
  private static final Map<UsageSource, Integer> FIRST_TOKENS =
      slots(UsageSource.class, REQUESTS.size(), TokenKind.ALL.size());

  private TargetSlots() {}

  static int request(ExchangeReport report) {
    Operation operation = report.operation();
    int first = operation == null ? WITHOUT_OPERATION : FIRST_REQUEST.getOrDefault(operation, 0);
    int hundreds = report.status() / 100;
    int statusClass = hundreds > 0 && hundreds < STATUS_CLASSES.size() ? hundreds : 0;
    int outcome = OUTCOME.getOrDefault(report.outcome(), 0);
    return first + statusClass * OUTCOMES.size() + outcome;
  }

  /// The first of a source's token counters; the kinds follow in their order.
  static int tokens(UsageSource source) {
    return FIRST_TOKENS.getOrDefault(source, 0);
  }

  private static <E extends Enum<E>> Map<E, Integer> slots(Class<E> type, int first, int width) {
    var slots = new EnumMap<E, Integer>(type);
    for (E value : type.getEnumConstants()) {
      slots.put(value, first + slots.size() * width);
    }
    return slots;
  }

  private static List<RequestSlot> requestSlots() {
    var slots = new ArrayList<RequestSlot>();
    for (String operation : OPERATIONS) {
      for (String statusClass : STATUS_CLASSES) {
        for (String outcome : OUTCOMES) {
          slots.add(new RequestSlot(slots.size(), operation, statusClass, outcome));
        }
      }
    }
    return List.copyOf(slots);
  }

  private static List<TokenSlot> tokenSlots() {
    var slots = new ArrayList<TokenSlot>();
    for (String source : SOURCES) {
      for (TokenKind kind : TokenKind.ALL) {
        slots.add(new TokenSlot(REQUESTS.size() + slots.size(), source, kind));
      }
    }
    return List.copyOf(slots);
  }

  private static Stream<String> labels(Enum<?>[] values) {
    return Stream.of(values).map(value -> value.name().toLowerCase(Locale.ROOT));
  }
}
