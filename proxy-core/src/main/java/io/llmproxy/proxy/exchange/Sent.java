package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.api.Plan;
import io.llmproxy.proxy.exchange.Wording.Worded;
import io.llmproxy.proxy.upstream.Credential;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request as it is put to a provider.
///
/// @param shown the fields that the credential gave
/// @param renewed whether it was sent before with a credential that was too old
/// @param worded what it was made from, which this owns
record Sent(
    Plan.Ask ask, Credential credential, List<AsciiString> shown, boolean renewed, Worded worded) {

  static Sent of(Plan.Ask ask, Credential credential, boolean renewed, Worded worded) {
    return new Sent(ask, credential, credential.fields(), renewed, worded);
  }

  /// Whether there is a newer credential, after a reply of `date` that said that this is too old;
  /// asked for once only.
  boolean renew(@Nullable AsciiString date) {
    return !renewed && credential.renew(shown, date);
  }

  /// A copy of a provider's refusal, in which, as in `refusal` itself, stars stand for what showed
  /// the provider who we are: some repeat it, and callers are told what they say.
  byte[] blotted(ByteBuf refusal) {
    ByteBuf secret = Unpooled.wrappedBuffer(secret());
    int at = secret.isReadable() ? ByteBufUtil.indexOf(secret, refusal) : -1;
    while (at >= 0) {
      for (int i = 0; i < secret.readableBytes(); i++) {
        refusal.setByte(at + i, '*');
      }
      at = ByteBufUtil.indexOf(secret, refusal);
    }
    return ByteBufUtil.getBytes(refusal);
  }

  private byte[] secret() {
    if (shown.isEmpty()) {
      return new byte[0];
    }
    String value = shown.get(1).toString();
    return value.substring(value.indexOf(' ') + 1).getBytes(StandardCharsets.US_ASCII);
  }

  void release() {
    ask.body().release();
    worded.release();
  }
}
