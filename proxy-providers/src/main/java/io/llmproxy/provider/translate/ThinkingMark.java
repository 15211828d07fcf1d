package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// The signature that thinking bears which no Claude model signed: the translation's own, in base64
/// as all signatures are, so that it is known again when a caller sends the thinking back.
final class ThinkingMark {
  private static final byte[] SIGNATURE = "bGxtcHJveHk6dW5zaWduZWQ=".getBytes(US_ASCII);

  private ThinkingMark() {}

  static byte[] bytes() {
    return SIGNATURE;
  }
}
