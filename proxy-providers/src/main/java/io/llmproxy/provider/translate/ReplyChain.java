package io.llmproxy.provider.translate;

import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Two translators, one behind the other: what the first writes is what the second reads.
///
/// Usage and content are what the first learns, since it reads the provider's own words.
public final class ReplyChain implements ReplyReader {
  private final ReplyReader first;
  private final ReplyReader second;
  private final Link link = new Link();

  /// Takes both.
  public ReplyChain(ReplyReader first, ReplyReader second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public void read(ByteBuf part, PartSink sink) {
    link.sink = sink;
    first.read(part, link);
    link.sink = null;
  }

  @Override
  public void finish(PartSink sink) {
    link.sink = sink;
    first.finish(link);
    link.sink = null;
    second.finish(sink);
  }

  @Override
  public boolean isComplete() {
    return first.isComplete() && second.isComplete();
  }

  @Override
  public boolean hasContent() {
    return first.hasContent();
  }

  @Override
  public boolean hasError() {
    return first.hasError() || second.hasError();
  }

  @Override
  public Usage usage() {
    return first.usage();
  }

  @Override
  public Billing billing() {
    return first.billing();
  }

  @Override
  public UsageSource usageSource() {
    return first.usageSource();
  }

  @Override
  public void release() {
    first.release();
    second.release();
  }

  /// Where the first gives what it writes, while it reads.
  private final class Link implements PartSink {
    private @Nullable PartSink sink;

    @Override
    public void part(ByteBuf part) {
      PartSink end = sink;
      if (end == null) {
        part.release();
        throw new IllegalStateException("a part outside of read and finish");
      }
      second.read(part, end);
    }
  }
}
