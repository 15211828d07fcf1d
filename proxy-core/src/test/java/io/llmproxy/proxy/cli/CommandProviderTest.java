package io.llmproxy.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Commands that other modules add.
final class CommandProviderTest {

  @Test
  void runsACommandThatAnotherModuleAdds() {
    CliRun run = CliRun.of(Map.of(), "added");
    assertThat(run).isEqualTo(new CliRun(7, "here", ""));
  }

  @Test
  void givesItHelpAndVersion() {
    assertThat(CliRun.of(Map.of(), "--help").out()).contains("added");
    assertThat(CliRun.of(Map.of(), "added", "--help").out()).startsWith("Usage: llmproxy added");
    assertThat(CliRun.of(Map.of(), "added", "--version").out()).startsWith("llmproxy ");
  }

  @Test
  void endsWith1AndATraceWhereACommandBreaks() {
    CliRun run = CliRun.of(Map.of(), "broken");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("java.lang.IllegalStateException: a bug").contains("\tat ");
  }

  @Command(name = "added", description = "Adds itself.")
  private static final class Added implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      spec.commandLine().getOut().print("here");
      return 7;
    }
  }

  @Command(name = "broken", description = "Breaks.")
  private static final class Broken implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new IllegalStateException("a bug");
    }
  }

  /// Registered in the services of the tests.
  public static final class AddedProvider implements CommandProvider {
    @Override
    public Object command() {
      return new Added();
    }
  }

  /// Registered in the services of the tests.
  public static final class BrokenProvider implements CommandProvider {
    @Override
    public Object command() {
      return new Broken();
    }
  }
}
