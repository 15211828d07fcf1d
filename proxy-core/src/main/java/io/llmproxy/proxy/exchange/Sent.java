package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.api.Plan;
import io.llmproxy.proxy.upstream.Credential;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request as it is put to a provider.
///
/// @param shown the fields that the credential gave
/// @param renewed whether it was sent before with a credential that was too old
record Sent(Plan.Ask ask, Credential credential, List<AsciiString> shown, boolean renewed) {

  static Sent first(Plan.Ask ask, Credential credential) {
    return new Sent(ask, credential, credential.fields(), false);
  }

  /// The same with a newer credential, after a reply of `date` that said that it is too old; null
  /// where there is none, or where that was tried.
  @Nullable Sent renewed(@Nullable AsciiString date) {
    return !renewed && credential.renew(shown, date)
        ? new Sent(ask, credential, credential.fields(), true)
        : null;
  }

  void release() {
    ask.body().release();
  }
}
