package io.llmproxy.provider.translate;

/// What a response says beside its answer.
///
/// @param model the name the caller is told
/// @param requestId of which ids are made where the provider gives none
/// @param createdSeconds when it was begun, since 1970
/// @param echo what it repeats of the request
public record ResponseHead(
    String model, String requestId, long createdSeconds, ResponseEcho echo) {}
