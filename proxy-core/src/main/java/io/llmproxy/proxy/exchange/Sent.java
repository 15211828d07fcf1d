package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.api.Plan;
import io.llmproxy.proxy.exchange.Wording.Worded;
import io.llmproxy.proxy.upstream.Credential;
import io.netty.util.AsciiString;
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

  void release() {
    ask.body().release();
    worded.release();
  }
}
