package io.llmproxy.bench.faults;

import io.llmproxy.bench.faults.FaultBed.Run;
import io.llmproxy.bench.faults.FaultCase.End;
import io.llmproxy.bench.simulator.Tokens;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Runs cases in each dialect, a cell after the other, the runs of a cell side by side.
public final class FaultsRun implements AutoCloseable {

  private static final int SIDE_BY_SIDE = 5;
  private static final long SETTLE_MILLIS = 3000;
  private static final long SETTLE_STEP_MILLIS = 50;
  private static final long OUTAGE_STEP_MILLIS = 50;

  /// What is to be run.
  ///
  /// @param runs of each cell and form
  /// @param outageSeconds how long case 15's first target is down
  public record Plan(List<FaultCase> faults, int runs, int outageSeconds) {}

  private final Plan plan;
  private final FaultBed bed;
  private final AtomicLong promptNumber = new AtomicLong(System.nanoTime() / 1000 % 1_000_000);

  public FaultsRun(Plan plan) throws IOException {
    this.plan = plan;
    List<Run> runs = new ArrayList<>();
    for (FaultCase fault : plan.faults()) {
      for (AskedDialect dialect : AskedDialect.values()) {
        runs.addAll(runs(fault, dialect));
      }
    }
    bed = new FaultBed(runs, plan.outageSeconds() + "s");
  }

  private List<Run> runs(FaultCase fault, AskedDialect dialect) {
    List<Run> runs = new ArrayList<>();
    if (fault.end() == End.OUTAGE) {
      runs.add(new Run(fault, dialect, true, 1));
      return runs;
    }
    for (int i = 1; i <= plan.runs(); i++) {
      runs.add(new Run(fault, dialect, true, i));
      if (!fault.streamedOnly()) {
        runs.add(new Run(fault, dialect, false, i));
      }
    }
    return runs;
  }

  /// Runs all, with a line of each cell.
  public List<Cell> run(PrintWriter progress) throws InterruptedException, IOException {
    String text = answer();
    List<Cell> cells = new ArrayList<>();
    for (FaultCase fault : plan.faults()) {
      for (AskedDialect dialect : AskedDialect.values()) {
        Cell cell = cell(fault, dialect, new Judge(fault, text));
        progress.printf(
            "%-4s %-36s %-10s %d/%d%n",
            fault.id(), fault.name(), dialect, cell.passed(), cell.runs());
        progress.flush();
        cells.add(cell);
      }
    }
    return cells;
  }

  /// What every target answers, asked for without the proxy.
  private String answer() throws IOException {
    String model = "sim-" + FaultCase.ANSWER;
    String body = AskedDialect.CHAT.body(model, prompt(), true, false);
    Told told =
        Told.of(FaultCaller.ask(bed.direct(AskedDialect.CHAT), AskedDialect.CHAT, true, body));
    if (told.ends() != 1 || told.text().isEmpty()) {
      throw new IOException("the simulated provider does not answer: " + told.flaw());
    }
    return told.text();
  }

  /// Prompts of one length, so that requests of one model cost the same.
  private String prompt() {
    return "Say something, number %07d.".formatted(promptNumber.incrementAndGet());
  }

  /// What one run came to.
  private record Came(List<String> wrong, long input, long output) {}

  private Cell cell(FaultCase fault, AskedDialect dialect, Judge judge)
      throws InterruptedException, IOException {
    long[] before = bed.accounted();
    List<Came> all = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(SIDE_BY_SIDE, Thread.ofVirtual().factory())) {
      List<Callable<Came>> runs = new ArrayList<>();
      for (Run run : runs(fault, dialect)) {
        runs.add(() -> fault.end() == End.OUTAGE ? outage(run, judge) : once(run, judge));
      }
      for (Future<Came> run : threads.invokeAll(runs)) {
        all.add(run.get());
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
    int passed = (int) all.stream().filter(came -> came.wrong().isEmpty()).count();
    String failure =
        all.stream()
            .filter(came -> !came.wrong().isEmpty())
            .map(came -> String.join("; ", came.wrong()))
            .findFirst()
            .orElse("");
    String accounts = failure.isEmpty() ? accounts(fault, before, all) : "";
    return accounts.isEmpty()
        ? new Cell(fault, dialect, passed, all.size(), failure)
        : new Cell(fault, dialect, 0, all.size(), accounts);
  }

  /// Compares what the proxy wrote down since `before` with the books of those who answered; empty
  /// if it agrees.
  private String accounts(FaultCase fault, long[] before, List<Came> all)
      throws InterruptedException, IOException {
    long inBooks = all.stream().mapToLong(Came::input).sum();
    long outBooks = all.stream().mapToLong(Came::output).sum();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS);
    while (true) {
      long[] now = bed.accounted();
      long input = now[0] - before[0] - inBooks;
      long output = now[1] - before[1] - outBooks;
      boolean exact = input == 0 && output == 0;
      if (exact || (!fault.exactAccounts() && input >= 0 && output >= 0)) {
        return "";
      }
      if (System.nanoTime() > end) {
        return "the proxy's accounts hold %+d input and %+d output tokens beside the books"
            .formatted(input, output);
      }
      Thread.sleep(SETTLE_STEP_MILLIS);
    }
  }

  private Came once(Run run, Judge judge) {
    String prompt = prompt();
    Transcript reply = ask(run, prompt);
    Judge.Seen seen = bed.seen(run, prompt);
    Tokens billed = seen.last();
    return new Came(judge.judge(reply, seen), billed.input(), billed.output());
  }

  private Transcript ask(Run run, String prompt) {
    String body = run.dialect().body(run.route(), prompt, run.streamed(), run.fault().prefills());
    return FaultCaller.ask(bed.proxy(run.dialect().path()), run.dialect(), run.streamed(), body);
  }

  /// Asks all the time until the first target answers again.
  private Came outage(Run run, Judge judge) throws InterruptedException {
    Outage outage = new Outage(plan.outageSeconds());
    long input = 0;
    long output = 0;
    while (outage.goesOn()) {
      String prompt = prompt();
      Transcript reply = ask(run, prompt);
      Judge.Seen seen = bed.seen(run, prompt);
      input += seen.last().input();
      output += seen.last().output();
      outage.asked(seen, bed.book(run, 0).completed() > 0, judge.judge(reply, seen));
      Thread.sleep(OUTAGE_STEP_MILLIS);
    }
    return new Came(outage.wrong(), input, output);
  }

  @Override
  public void close() {
    bed.close();
  }
}
