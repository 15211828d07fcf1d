package io.llmproxy.proxy.config;

/// How client keys are named: so that a name can stand in a log, a label and YAML as it is.
public final class KeyNames {

  /// What is expected of a name, for messages.
  public static final String EXPECTED =
      "1 to 64 letters, digits and . _ @ -, beginning with a letter or digit";

  static final String FORM = "[A-Za-z0-9][A-Za-z0-9._@-]{0,63}";

  private KeyNames() {}

  /// Whether a key may be named so.
  public static boolean isName(String text) {
    return text.matches(FORM);
  }
}
