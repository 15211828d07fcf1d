package io.llmproxy.bench.simulator;

import java.util.concurrent.atomic.LongAdder;

/// What one model of one provider was asked and what it billed. Written by event loops, read by any
/// thread.
public final class ModelBook {

  private final LongAdder requests = new LongAdder();
  private final LongAdder completed = new LongAdder();
  private final LongAdder cancelled = new LongAdder();
  private final LongAdder faulted = new LongAdder();
  private final LongAdder input = new LongAdder();
  private final LongAdder cached = new LongAdder();
  private final LongAdder written = new LongAdder();
  private final LongAdder output = new LongAdder();
  private final LongAdder reasoning = new LongAdder();
  private final LongAdder unfinishedInput = new LongAdder();
  private final LongAdder unfinishedOutput = new LongAdder();

  ModelBook() {}

  void requested() {
    requests.increment();
  }

  void completed(Tokens tokens) {
    completed.increment();
    input.add(tokens.input());
    cached.add(tokens.cached());
    written.add(tokens.written());
    output.add(tokens.output());
    reasoning.add(tokens.reasoning());
  }

  void cancelled(long inputTokens, long outputTokens) {
    cancelled.increment();
    unfinished(inputTokens, outputTokens);
  }

  void faulted(long inputTokens, long outputTokens) {
    faulted.increment();
    unfinished(inputTokens, outputTokens);
  }

  private void unfinished(long inputTokens, long outputTokens) {
    unfinishedInput.add(inputTokens);
    unfinishedOutput.add(outputTokens);
  }

  public long requests() {
    return requests.sum();
  }

  /// Answers written to their very end.
  public long completed() {
    return completed.sum();
  }

  /// Answers whose client went away first.
  public long cancelled() {
    return cancelled.sum();
  }

  /// Answers that were an error or broke off by script.
  public long faulted() {
    return faulted.sum();
  }

  /// Tokens of completed answers.
  public Tokens tokens() {
    return new Tokens(input.sum(), cached.sum(), written.sum(), output.sum(), reasoning.sum());
  }

  /// Input tokens of answers that did not reach their end.
  public long unfinishedInput() {
    return unfinishedInput.sum();
  }

  /// Output and reasoning tokens that such answers had written by then.
  public long unfinishedOutput() {
    return unfinishedOutput.sum();
  }
}
