package io.llmproxy.client;

/// A function that the model may call.
///
/// @param schema of its arguments: JSON Schema, an object, as JSON text
public record Tool(String name, String description, String schema) {}
