package io.llmproxy.proxy.cli;

/// A further command, found through [java.util.ServiceLoader].
public interface CommandProvider {

  /// Gives a picocli command object: annotated with `@Command(name = …)` and callable. It inherits
  /// `--help` and `--version`.
  Object command();
}
