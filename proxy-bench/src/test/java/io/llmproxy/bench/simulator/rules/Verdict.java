package io.llmproxy.bench.simulator.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;

/// What rules say of a body.
final class Verdict {

  static final String TAKEN = "taken";

  private Verdict() {}

  /// The status, words, param and code of a refusal, or [#TAKEN].
  static String of(RequestRules rules, Asked asked, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    try {
      rules.check(bytes, bytes.length, asked);
      return TAKEN;
    } catch (Refused e) {
      String more = e.param().isEmpty() ? "" : " (" + e.param() + ")";
      String code = e.code().isEmpty() ? "" : " [" + e.code() + "]";
      return e.status() + " " + e.words() + more + code;
    }
  }
}
