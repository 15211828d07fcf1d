package io.llmproxy.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a model is asked, by either dialect: the client writes it as Chat Completions or as
/// Messages.
///
/// @param models the first is asked; the others in turn where those before fail
/// @param maxTokens of the answer, 0 for the provider's own limit (Messages: 4096, since it demands
///   one)
/// @param temperature null for the model's own
/// @param raw members of the body as JSON text by name; each takes the place of what would be
///   written under it
public record ChatRequest(
    List<String> models,
    List<Message> messages,
    List<Tool> tools,
    int maxTokens,
    @Nullable Double temperature,
    List<String> stop,
    Map<String, String> raw) {

  public ChatRequest {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("a request needs a model");
    }
    models = List.copyOf(models);
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    stop = List.copyOf(stop);
    raw = Collections.unmodifiableMap(new LinkedHashMap<>(raw));
  }

  public static Builder builder() {
    return new Builder();
  }

  /// Collects the parts of a request. For one thread.
  public static final class Builder {
    private final List<String> models = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private final List<Tool> tools = new ArrayList<>();
    private final List<String> stop = new ArrayList<>();
    private final Map<String, String> raw = new LinkedHashMap<>();
    private int maxTokens;
    private @Nullable Double temperature;

    private Builder() {}

    public Builder model(String name) {
      models.addFirst(name);
      return this;
    }

    /// Asked where those before it fail for a reason that another model may not have.
    public Builder fallbackModel(String name) {
      models.addLast(name);
      return this;
    }

    public Builder message(Message message) {
      messages.add(message);
      return this;
    }

    public Builder system(String text) {
      return message(Message.system(text));
    }

    public Builder user(String text) {
      return message(Message.user(text));
    }

    public Builder assistant(String text) {
      return message(Message.assistant(text));
    }

    public Builder tool(Tool tool) {
      tools.add(tool);
      return this;
    }

    public Builder maxTokens(int tokens) {
      maxTokens = tokens;
      return this;
    }

    public Builder temperature(double value) {
      temperature = value;
      return this;
    }

    public Builder stop(String sequence) {
      stop.add(sequence);
      return this;
    }

    /// A member of the body that has no method here, or in the place of one that has.
    ///
    /// @param json a JSON value, written as it is
    public Builder raw(String name, String json) {
      raw.put(name, json);
      return this;
    }

    public ChatRequest build() {
      return new ChatRequest(models, messages, tools, maxTokens, temperature, stop, raw);
    }
  }
}
