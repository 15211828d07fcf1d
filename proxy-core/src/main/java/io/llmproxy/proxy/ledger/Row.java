package io.llmproxy.proxy.ledger;

import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import org.jspecify.annotations.Nullable;

/// A record as it is stored, but for its place and its checksum.
///
/// @param ofEpoch the run of the proxy that made the reservation, [#ALONE] where that has no record
///   of its own
/// @param id the reservation, unique in that run
record Row(
    RecordKind kind,
    long ofEpoch,
    long id,
    long atMillis,
    Entry entry,
    long cost,
    String outcome,
    String source,
    Usage usage) {
  /// Instead of the run: it was reserved and ended between two commits, by the run that wrote it.
  static final long ALONE = 0;

  private static final int MAX_TEXT = 256;

  /// A million US dollars: more than any attempt costs, and few enough for sums not to overflow.
  private static final long MAX_NANO_USD = 1_000_000_000_000_000L;

  private static final char SEPARATOR = '\u001f';

  static Row of(
      RecordKind kind, long epoch, long id, Entry entry, @Nullable Settlement settlement) {
    Entry clean = clean(entry);
    if (settlement == null) {
      return new Row(kind, epoch, id, entry.atMillis(), clean, 0, "", "", Usage.NONE);
    }
    return new Row(
        kind,
        epoch,
        id,
        settlement.atMillis(),
        clean,
        Math.clamp(settlement.costNanoUsd(), Settlement.UNKNOWN_COST, MAX_NANO_USD),
        settlement.outcome().name(),
        settlement.source().name(),
        settlement.usage());
  }

  /// The end of a reservation whose process died.
  static Row expire(long ofEpoch, long id, Entry entry, long cost) {
    return new Row(
        RecordKind.EXPIRE,
        ofEpoch,
        id,
        entry.atMillis(),
        entry,
        cost,
        Outcome.UNKNOWN.name(),
        UsageSource.ESTIMATED.name(),
        Usage.NONE);
  }

  /// The end of a reservation that was not written before it.
  Row alone() {
    return new Row(kind, ALONE, id, atMillis, entry, cost, outcome, source, usage);
  }

  /// Whether it ends a reservation that is in a record before it.
  boolean isEnd() {
    return kind != RecordKind.RESERVE && ofEpoch != ALONE;
  }

  /// What this adds to the sum of all costs.
  long charge() {
    return Math.max(cost, 0);
  }

  /// All columns but the checksum in the order of [Schema#COLUMNS], as [Schema#CANONICAL] has them.
  String canonical(long epoch, long seq) {
    StringBuilder text = new StringBuilder(256);
    numbers(text, epoch, seq, kind.code(), ofEpoch, id, atMillis, entry.heldNanoUsd(), cost);
    numbers(text, entry.attempt());
    texts(text, entry.requestId(), entry.key(), entry.provider(), entry.model(), outcome, source);
    numbers(text, usage.input(), usage.cachedInput(), usage.cacheWrite5m(), usage.cacheWrite1h());
    numbers(text, usage.cacheWrite30m(), usage.cacheWrite12h(), usage.inputAudio());
    numbers(text, usage.output(), usage.reasoning(), usage.outputAudio(), usage.reportedTotal());
    return text.toString();
  }

  private static void numbers(StringBuilder text, long... numbers) {
    for (long number : numbers) {
      text.append(number).append(SEPARATOR);
    }
  }

  private static void texts(StringBuilder text, String... texts) {
    for (String part : texts) {
      text.append(part).append(SEPARATOR);
    }
  }

  private static Entry clean(Entry entry) {
    return new Entry(
        clean(entry.requestId()),
        entry.attempt(),
        clean(entry.key()),
        clean(entry.provider()),
        clean(entry.model()),
        Math.clamp(entry.heldNanoUsd(), Settlement.UNKNOWN_COST, MAX_NANO_USD),
        entry.atMillis());
  }

  /// Names come from callers: they are cut, and nothing in them may end a field or a line.
  private static String clean(String text) {
    String cut = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
    return isAscii(cut) || cut.codePoints().allMatch(Row::isPlain) ? cut : replaced(cut);
  }

  /// Nearly every name is.
  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        return false;
      }
    }
    return true;
  }

  private static String replaced(String text) {
    return text.codePoints()
        .map(c -> isPlain(c) ? c : '?')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /// Neither a control character nor half of a character.
  private static boolean isPlain(int c) {
    return !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE;
  }
}
