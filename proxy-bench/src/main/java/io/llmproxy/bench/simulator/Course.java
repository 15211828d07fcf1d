package io.llmproxy.bench.simulator;

/// How a script is played for one request, by what the request is and what came before.
enum Course {
  /// As it is written.
  WRITTEN,
  /// Its trouble has passed.
  RECOVERED,
  /// The request's key is wrong.
  BAD_KEY,
  /// The limit of the request's key is reached.
  LIMITED_KEY,
  /// The request's conversation ends with the assistant, which may not be.
  PREFILL
}
