package io.llmproxy.proxy.config;

/// One thing that is wrong in a configuration file. Line and column count from 1; the message is
/// one line and bears no secret.
public record Problem(String file, int line, int column, String message) {

  /// `FILE:LINE:COLUMN: message`, as compilers write it.
  @Override
  public String toString() {
    return file + ":" + line + ":" + column + ": " + message;
  }
}
