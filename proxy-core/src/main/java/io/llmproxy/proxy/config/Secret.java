package io.llmproxy.proxy.config;

/// A value that must never be printed: its text form says only that it is there.
public record Secret(String reveal) {

  @Override
  public String toString() {
    return "***";
  }
}
