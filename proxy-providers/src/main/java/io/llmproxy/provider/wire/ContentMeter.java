package io.llmproxy.provider.wire;

/// The content of one reply since its provider last reported usage, as far as it says something
/// about tokens.
public final class ContentMeter {
  private boolean any;
  private long events;
  private long bytes;

  /// One event brought content whose text is `textBytes` long, 0 where that is not known.
  public void add(long textBytes) {
    any = true;
    events++;
    bytes += textBytes;
  }

  /// Usage was reported that covers all content so far.
  public void reported() {
    events = 0;
    bytes = 0;
  }

  /// Whether any content was ever seen.
  public boolean hasContent() {
    return any;
  }

  /// Whether content was seen that no report covers.
  public boolean hasUnreported() {
    return events > 0;
  }

  /// An estimate of the tokens that no report covers: one for each event that brought content,
  /// since providers send about a token an event, or one for four bytes of text where that is more.
  public long estimatedTokens() {
    return Math.max(events, bytes / 4);
  }
}
