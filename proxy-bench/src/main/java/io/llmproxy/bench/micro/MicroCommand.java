package io.llmproxy.bench.micro;

import io.llmproxy.bench.quick.Machine;
import io.llmproxy.bench.quick.OwnFlags;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `bench micro`: what single steps of an exchange cost, measured by JMH.
@Command(
    name = "micro",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Measures one event of each kind of stream, and the bodies of requests; exits 1 where a bound",
      "is missed. Each is measured in a JVM of its own, bound to the cores that this one may use:",
      "taskset -c 1 scripts/llmproxy bench micro"
    })
public final class MicroCommand implements Callable<Integer> {
  private static final List<Integer> BODY_BYTES = List.of(1 << 10, 1 << 16, 1 << 20);

  private static final List<Integer> KEYS = List.of(1_000, 1_000_000);

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Option(names = "--seconds", description = "each measurement; its warm-up is as long, or longer")
  private int seconds = 3;

  @Option(names = "--events", split = ",", description = "only these streams; none: no streams")
  private @Nullable List<String> events;

  @Option(names = "--bodies", split = ",", description = "only these requests; none: no requests")
  private @Nullable List<String> bodies;

  @Option(
      names = "--policy",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "admission, and the lookup of keys")
  private boolean policy;

  @Option(
      names = "--flag",
      paramLabel = "FLAG",
      description = "a JVM flag of the measured JVMs; may be repeated; replaces this JVM's own")
  private @Nullable List<String> flags;

  private boolean inBounds = true;

  @Override
  public Integer call() throws RunnerException, InterruptedException {
    Harness harness;
    List<ReplyPath> streams;
    List<RequestPath> requests;
    try {
      harness = new Harness(seconds, flags == null ? OwnFlags.ofThisJvm() : flags);
      streams = Named.among(ReplyPath.class, events);
      requests = Named.among(RequestPath.class, bodies);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
    Machine machine = Machine.read();
    System.out.printf(
        "llmproxy bench micro: %s, %d cores, %s, %s; revision %s%n",
        machine.cpu(), machine.cores(), machine.kernel(), machine.jvm(), machine.revision());
    measureEvents(harness, streams);
    measureBodies(harness, requests);
    measurePolicy(harness);
    System.out.println(MicroReport.bounds());
    return inBounds ? 0 : 1;
  }

  private void measureEvents(Harness harness, List<ReplyPath> paths) throws RunnerException {
    if (paths.isEmpty()) {
      return;
    }
    System.out.println(MicroReport.eventHead());
    for (ReplyPath path : paths) {
      for (EventKind kind : EventKind.values()) {
        print(MicroReport.event(path, kind, harness.event(path, kind)));
      }
    }
  }

  private void measureBodies(Harness harness, List<RequestPath> paths) throws RunnerException {
    if (paths.isEmpty()) {
      return;
    }
    System.out.println(MicroReport.bodyHead());
    for (RequestPath path : paths) {
      for (int least : BODY_BYTES) {
        int bytes = Conversation.body(path.operation(), least).length;
        print(MicroReport.body(path, bytes, harness.body(path, least)));
      }
    }
  }

  private void measurePolicy(Harness harness) throws RunnerException {
    if (!policy) {
      return;
    }
    System.out.println(MicroReport.policyHead());
    print(MicroReport.admission("admit and settle", harness.admission(false)));
    print(MicroReport.admission("the same, with a ledger", harness.admission(true)));
    for (int keys : KEYS) {
      print(MicroReport.lookup(keys, KeysBench.bytes(keys), harness.lookup(keys)));
    }
  }

  private void print(Measured measured) {
    System.out.println(measured.text());
    inBounds &= measured.inBounds();
  }
}
