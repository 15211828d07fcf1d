package io.llmproxy.bench.sdk;

/// What an SDK told of an answer, whichever it was.
///
/// @param finish why the answer ended, in the dialect's own word
record Told(String text, String finish, long inputTokens, long outputTokens) {}
