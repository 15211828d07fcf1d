package io.llmproxy.client;

/// A model that may be asked for.
///
/// @param ownedBy empty where it is not said
public record ModelInfo(String id, String ownedBy) {}
