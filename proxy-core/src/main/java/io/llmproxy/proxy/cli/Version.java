package io.llmproxy.proxy.cli;

import picocli.CommandLine.IVersionProvider;

/// The version as the jar's manifest has it, and the Java it runs on.
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "llmproxy %s (Java %s)".formatted(version == null ? "unpackaged" : version, Runtime.version())
    };
  }
}
