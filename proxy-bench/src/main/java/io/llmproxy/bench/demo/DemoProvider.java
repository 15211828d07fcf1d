package io.llmproxy.bench.demo;

import io.llmproxy.proxy.cli.CommandProvider;

/// Adds `demo` to the command line.
public final class DemoProvider implements CommandProvider {

  @Override
  public Object command() {
    return new DemoCommand();
  }
}
