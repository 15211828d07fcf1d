package io.llmproxy.bench.simulator.rules;

/// Says that the real provider would not take a request, and in which words.
public final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String param;
  private final String code;

  /// `param` and `code` are empty where the provider sends none.
  Refused(int status, String message, String param, String code) {
    super(message, null, false, false);
    this.status = status;
    this.param = param;
    this.code = code;
  }

  /// A 400 with nothing but words.
  Refused(String message) {
    this(400, message, "", "");
  }

  public int status() {
    return status;
  }

  /// The provider's words.
  public String words() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /// The field it is about; empty if none is named.
  public String param() {
    return param;
  }

  /// The provider's own code; empty if it sends none.
  public String code() {
    return code;
  }
}
