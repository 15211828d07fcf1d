package io.llmproxy.proxy.cli;

/// How commands end.
public final class ExitStatus {
  /// All went well.
  public static final int SUCCESS = 0;

  /// Something failed while running.
  public static final int FAILURE = 1;

  /// The command line is wrong.
  public static final int USAGE = 2;

  /// The configuration is wrong (sysexits' `EX_CONFIG`).
  public static final int CONFIGURATION = 78;

  private ExitStatus() {}
}
