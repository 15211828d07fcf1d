package io.llmproxy.client;

/// A call of a tool that the model asks for.
///
/// @param id names the call; its result bears it
/// @param arguments a JSON object, as the model wrote it
public record ToolCall(String id, String name, String arguments) {}
