package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.api.Plan;
import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.proxy.upstream.Credential;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request as it is put to a provider.
///
/// @param shown the fields that the credential gave
/// @param renewed whether it was sent before with a credential that was too old
/// @param continued the request with the beginning of its answer, which this owns; null where the
///   caller's own was put
record Sent(
    Plan.Ask ask,
    Credential credential,
    List<AsciiString> shown,
    boolean renewed,
    @Nullable RequestBody continued) {

  static Sent of(
      Plan.Ask ask, Credential credential, boolean renewed, @Nullable RequestBody continued) {
    return new Sent(ask, credential, credential.fields(), renewed, continued);
  }

  /// Whether there is a newer credential, after a reply of `date` that said that this is too old;
  /// asked for once only.
  boolean renew(@Nullable AsciiString date) {
    return !renewed && credential.renew(shown, date);
  }

  void release() {
    ask.body().release();
    if (continued != null) {
      continued.release();
    }
  }
}
