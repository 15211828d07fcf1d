package io.llmproxy.bench.simulator;

import org.jspecify.annotations.Nullable;

/// What one model name asks a simulated provider to do. The grammar stands in the package's text.
///
/// @param text what the answer says
/// @param tools how many tools the answer calls
/// @param emptyArguments whether it calls them without arguments
/// @param rate content events a second; 0 is all at once
/// @param shouldRetry what `x-should-retry` says; null for no such header
/// @param as the model whose rules hold for the request; null for its own name
/// @param tier the service tier that OpenAI says it served the request in
/// @param form whether the answer is a stream
/// @param slowReadBytes bytes of the request's body read a second; 0 is without delay
public record Script(
    Text text,
    int events,
    int think,
    int bytes,
    @Nullable String id,
    String finish,
    long cached,
    long written,
    boolean stamp,
    boolean echo,
    @Nullable String sample,
    long headNanos,
    long ttftNanos,
    double rate,
    Fault fault,
    int status,
    int retryAfterSeconds,
    int retryAfterMillis,
    @Nullable String shouldRetry,
    Spelling spelling,
    Start start,
    boolean dribble,
    int slowReadBytes,
    boolean early,
    @Nullable String as,
    int tools,
    boolean emptyArguments,
    String tier,
    Form form,
    Trouble trouble) {

  /// What an answer says: the few words of the provider's recorded stream, filler of so many bytes
  /// an event, a sentence word by word, an object in JSON, or that it declines to answer.
  enum Text {
    RECORDED,
    FILLER,
    WORDS,
    JSON,
    REFUSAL
  }

  /// Whether an answer is a stream: as its request says, or whatever that says.
  enum Form {
    ASKED,
    JSON,
    STREAM
  }

  /// How a reply begins.
  enum Start {
    ANSWER,
    RESET,
    SILENT,
    HTML
  }

  /// Reads a model name: its script, or the plain one.
  ///
  /// @throws IllegalArgumentException if a key or a value is unknown; the message names it
  public static Script ofModel(String model) {
    if (model.equals("echo")) {
      return parse("echo");
    }
    return model.startsWith("sim-") ? parse(model.substring(4)) : new ScriptParser().plain();
  }

  /// Reads a list of `key=value`, without `sim-`.
  public static Script parse(String list) {
    return new ScriptParser().parse(list);
  }

  boolean bytewise() {
    return dribble || fault.inBytes();
  }

  /// Whether the answer to a request that asks for a stream, or does not, is one.
  boolean streams(boolean asked) {
    return form == Form.ASKED ? asked : form == Form.STREAM;
  }

  long intervalNanos() {
    return rate > 0 ? (long) (1e9 / rate) : 0;
  }

  Script withCounts(int contentEvents, int reasoningEvents) {
    return new Script(
        text,
        contentEvents,
        reasoningEvents,
        bytes,
        id,
        finish,
        cached,
        written,
        stamp,
        echo,
        sample,
        headNanos,
        ttftNanos,
        rate,
        fault,
        status,
        retryAfterSeconds,
        retryAfterMillis,
        shouldRetry,
        spelling,
        start,
        dribble,
        slowReadBytes,
        early,
        as,
        tools,
        emptyArguments,
        tier,
        form,
        trouble);
  }
}
