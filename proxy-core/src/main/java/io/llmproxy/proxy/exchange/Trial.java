package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.api.Replies;
import io.llmproxy.provider.resume.ResumableStream;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.proxy.admission.Share;
import io.llmproxy.proxy.config.ProviderSettings.OnDisconnect;
import io.llmproxy.proxy.config.Settings.Timeouts;
import io.llmproxy.proxy.exchange.Course.Step;
import io.llmproxy.proxy.exchange.Setback.Broken;
import io.llmproxy.proxy.exchange.Setback.Refusal;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.http.ReplyWriter;
import io.llmproxy.proxy.ledger.Outcome;
import io.llmproxy.proxy.relay.Relay;
import io.llmproxy.proxy.route.Target;
import io.llmproxy.proxy.upstream.Attempt;
import io.llmproxy.proxy.upstream.ReplyListener;
import io.llmproxy.proxy.upstream.UpstreamHead;
import io.llmproxy.proxy.upstream.UpstreamPool;
import io.llmproxy.proxy.upstream.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One attempt of an exchange with its reply. The caller hears nothing of it before its first
/// content, or, where it is no stream, before it is whole; until then it may fail unnoticed.
final class Trial implements ReplyListener {

  private static final AsciiString IDENTITY = AsciiString.cached("identity");
  private static final int MOST_ERROR_BYTES = 64 << 10;

  private final Attempts attempts;
  private final Target target;
  private final int key;
  private final Sent sent;
  private final Timing timing;
  private final long begunNanos = System.nanoTime();
  private final SpendingMeter meter;
  private final Progress progress = new Progress(begunNanos);
  private @Nullable Attempt attempt;
  private @Nullable UpstreamHead head;

  /// The provider's refusal as far as it is there; owned until it is told of.
  private @Nullable ByteBuf error;

  private @Nullable HeldReply held;
  private @Nullable Relay relay;
  private boolean sentReleased;
  private boolean over;
  private boolean failed;

  /// Whether another is the answer.
  private boolean beaten;

  Trial(Attempts attempts, Step step, Sent sent, Share share) {
    this.attempts = attempts;
    this.target = step.target();
    this.key = step.key();
    this.sent = sent;
    this.meter = new SpendingMeter(attempts, target, share);
    this.timing = attempts.timing();
  }

  void send(UpstreamPool pool, UpstreamRequest request) {
    target.begin(key);
    attempt = pool.start(request, this);
  }

  /// What the answer was limited to so that the budgets can pay it, −1 for as the caller had it.
  long maxOutput() {
    return meter.maxOutput();
  }

  int key() {
    return key;
  }

  /// Whether it was asked to go on from where another reply broke.
  boolean isContinuation() {
    return sent.worded().continued();
  }

  /// Whether `refusal` said no more than that the credential was too old, and there is a newer one.
  boolean renewCredential(Refusal refusal) {
    return refusal.said().isTokenExpired() && sent.renew(refusal.head().date());
  }

  Target target() {
    return target;
  }

  Sent sent() {
    return sent;
  }

  long begunNanos() {
    return begunNanos;
  }

  /// The reply that the caller is being given; null before its first content.
  @Nullable Relay relay() {
    return relay;
  }

  /// The reply that is held back, if there is one still.
  @Nullable HeldReply held() {
    return held;
  }

  @Override
  public void onHead(UpstreamHead upstreamHead) {
    head = upstreamHead;
    progress.head(System.nanoTime());
    if (!upstreamHead.isSuccess()) {
      error = ByteBufAllocator.DEFAULT.buffer(1024);
      return;
    }
    AsciiString encoding = upstreamHead.contentEncoding();
    if (encoding != null && !encoding.contentEqualsIgnoreCase(IDENTITY)) {
      end(new Broken(target, Failures.compressed(target.provider())));
      return;
    }
    long wait = Pace.waitMillis(upstreamHead.forwarded(), timing.startedMillis);
    if (wait > 0) {
      target.rest(key, System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(wait));
    }
    boolean streamed = attempts.isStreamed();
    Replies replies = sent.ask().replies();
    held = HeldReply.of(upstreamHead, replies, streamed, attempts.requestId(), timing);
    if (beaten) {
      held.discard();
    }
  }

  @Override
  public void onPart(ByteBuf part, boolean exclusive) {
    long now = System.nanoTime();
    progress.part(now, part.readableBytes());
    if (relay != null) {
      timing.lastProgress = now;
    }
    Attempt current = attempt;
    if (relay != null && current != null) {
      relay.read(part, exclusive, current);
      checkBroken(relay);
      checkSpending(relay);
    } else if (held != null) {
      timing.replyRead = beaten ? timing.replyRead : now;
      held.read(part);
      judge(held);
    } else if (error != null) {
      int room = MOST_ERROR_BYTES - error.readableBytes();
      error.writeBytes(part, Math.min(room, part.readableBytes()));
      part.release();
    } else {
      part.release();
    }
  }

  private void checkBroken(Relay current) {
    if (!over && current.isBroken()) {
      over = true;
      failed = true;
      attempts.broke(this, Failures.failedMidway(target.provider()));
    }
  }

  /// A stream may spend no more than its budgets have.
  private void checkSpending(Relay current) {
    if (!over && !meter.mayGoOn(current)) {
      over = true;
      failed = true;
      attempts.overspent();
    }
  }

  /// Ends what is set aside for it, by what is known of the reply now.
  void settle() {
    ReplyReader reader = relay != null ? relay.reader() : held != null ? held.reader() : null;
    boolean asked = head == null && attempt != null && attempt.isWritten();
    meter.end(reader, asked, failed ? Outcome.FAILED : Outcome.CANCELLED);
  }

  private void judge(HeldReply reply) {
    if (reply.reader().hasError() && !reply.reader().hasContent()) {
      end(refusal(reply));
    } else if (beaten) {
      return;
    } else if (reply.isDue()) {
      attempts.content(this, reply);
    } else if (reply.isEndless()) {
      end(new Broken(target, Failures.notAReply(target.provider())));
    }
  }

  private Setback refusal(HeldReply reply) {
    return new Refusal(target, reply.head(), Unpooled.EMPTY_BUFFER, reply.error());
  }

  /// From now on `writer` is given the reply as it arrives, and first what was held back.
  ///
  /// @param resumable what it passes through; null for as it comes
  void relayTo(ReplyWriter writer, HeldReply reply, @Nullable ResumableStream resumable) {
    Relay begun = new Relay(reply.reader(), writer, resumable, attempts.isStrict());
    held = null;
    relay = begun;
    progress.content(System.nanoTime());
    releaseSent();
    reply.giveTo(begun);
    if (attempt != null && !writer.isWritable()) {
      attempt.pause();
    }
    checkBroken(begun);
  }

  @Override
  public void onEnd() {
    HeldReply reply = held;
    if (relay != null) {
      over = true;
      relay.finish();
      endRelay(relay);
    } else if (reply != null) {
      finish(reply);
    } else if (head != null && error != null) {
      refuse(head, error);
    }
  }

  private void endRelay(Relay ended) {
    if (ended.isWhole() || !ended.isResumable()) {
      attempts.ended(this, ended);
    } else {
      failed = true;
      attempts.broke(this, Failures.unfinished(target.provider()));
    }
  }

  private void finish(HeldReply reply) {
    timing.replyRead = beaten ? timing.replyRead : System.nanoTime();
    reply.finish();
    if (reply.reader().hasError()) {
      end(refusal(reply));
    } else if (!reply.reader().isComplete()) {
      Failure failure =
          attempts.isStreamed() && reply.head().isEventStream()
              ? Failures.unfinished(target.provider())
              : Failures.notAReply(target.provider());
      end(new Broken(target, failure));
    } else if (beaten) {
      cancel();
      attempts.readToEnd(this);
    } else {
      over = true;
      attempts.whole(this, reply);
    }
  }

  private void refuse(UpstreamHead upstreamHead, ByteBuf bytes) {
    error = null;
    byte[] said = sent.blotted(bytes);
    end(new Refusal(target, upstreamHead, bytes, ProviderErrors.read(upstreamHead, said)));
  }

  @Override
  public void onBatchEnd() {
    if (relay != null) {
      attempts.flush();
    }
  }

  @Override
  public void onFailure(Failure failure) {
    Relay begun = relay;
    if (begun == null) {
      if (head != null && error != null) {
        refuse(head, error);
      } else {
        end(new Broken(target, failure));
      }
      return;
    }
    over = true;
    if (begun.reader().isComplete() && head != null && head.isEventStream()) {
      // The dialect's own terminator was there: what broke came after the reply.
      begun.finish();
      endRelay(begun);
    } else {
      attempts.broke(this, failure);
    }
  }

  private void end(Setback setback) {
    if (over) {
      setback.release();
    } else {
      failed = true;
      cancel();
      attempts.failed(this, setback);
    }
  }

  /// Another is the answer: the reply is read to its end, where the provider has the whole question
  /// and bills what it has begun; else this ends. Gives whether it is read on.
  boolean readOn() {
    Attempt current = attempt;
    beaten = true;
    if (target.onDisconnect() != OnDisconnect.DRAIN
        || current == null
        || !current.isWritten()
        || error != null) {
      cancel();
      return false;
    }
    if (held != null) {
      held.discard();
    }
    return true;
  }

  boolean isBeaten() {
    return beaten;
  }

  /// Ends the attempt; nothing more is heard of it.
  void cancel() {
    over = true;
    settle();
    if (attempt != null) {
      attempt.cancel();
      attempt = null;
      target.end(key);
    }
    releaseSent();
    if (held != null) {
      held.release();
      held = null;
    }
    if (relay != null) {
      relay.release();
      relay = null;
    }
    if (error != null) {
      error.release();
      error = null;
    }
  }

  private void releaseSent() {
    if (!sentReleased) {
      sentReleased = true;
      sent.release();
    }
  }

  /// Whether what the caller was given ends at the end of a record.
  boolean isAtRecordEnd() {
    return relay == null || relay.isAtRecordEnd();
  }

  /// The caller has left: the reply is read to its end for what it costs.
  void discard() {
    if (relay != null) {
      relay.discard();
    }
    resume();
  }

  /// The caller reads again.
  void resume() {
    if (attempt != null) {
      attempt.resume();
    }
  }

  /// Ends the attempt where it is past a deadline.
  void check(long now) {
    Attempt current = attempt;
    if (over || current == null) {
      return;
    }
    Timeouts timeouts = target.timeouts();
    String late = progress.late(now, timeouts, current);
    if (late != null) {
      Failure failure = Failures.timeout(target.provider(), late);
      if (relay == null) {
        end(new Broken(target, failure));
      } else {
        over = true;
        failed = true;
        attempts.broke(this, failure);
      }
    }
  }
}
