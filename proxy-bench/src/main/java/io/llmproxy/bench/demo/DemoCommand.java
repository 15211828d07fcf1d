package io.llmproxy.bench.demo;

import io.llmproxy.bench.UntilTold;
import io.llmproxy.proxy.cli.ExitStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `demo`: one streamed chat through each provider, as an ordinary client sees it.
@Command(
    name = "demo",
    description = {
      "Starts simulated providers on loopback and the proxy before them, streams one chat through"
          + " each, and prints what it took and cost.",
      "Needs no key and no network."
    })
final class DemoCommand implements Callable<Integer> {

  /// Replaced by picocli with the specification in use.
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--keep",
      description = "Stay afterwards, and print a curl line to try and the admin address.")
  private boolean keep;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    UntilTold untilTold = keep ? new UntilTold() : null;
    try (Demo demo = Demo.start()) {
      boolean allAnswered = demo.run(out, err);
      if (untilTold != null) {
        demo.printHowToTry(out);
        untilTold.await();
      }
      return allAnswered ? ExitStatus.SUCCESS : ExitStatus.FAILURE;
    } catch (IOException e) {
      err.println("llmproxy: " + e.getMessage());
      err.flush();
      return ExitStatus.FAILURE;
    } finally {
      if (untilTold != null) {
        untilTold.closed();
      }
    }
  }
}
