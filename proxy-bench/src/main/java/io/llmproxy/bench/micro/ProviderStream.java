package io.llmproxy.bench.micro;

/// A provider's stream as it is recorded of one: what comes before its deltas, and a delta.
enum ProviderStream {
  OPENAI_CHAT {
    @Override
    String opening(EventKind kind) {
      String role = chunk("\"role\":\"assistant\",\"content\":\"\",\"refusal\":null");
      String call =
          """
          "tool_calls":[{"index":0,"id":"call_8Kq1mZ2vT0pLr5yN","type":"function",\
          "function":{"name":"get_weather","arguments":""}}]\
          """;
      return kind == EventKind.TOOL ? role + chunk(call) : role;
    }

    @Override
    String delta(EventKind kind, String piece) {
      return chunk(
          switch (kind) {
            case TEXT -> "\"content\":\"" + piece + "\"";
            case REASONING -> "\"reasoning_content\":\"" + piece + "\"";
            case TOOL ->
                "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"" + piece + "\"}}]";
          });
    }

    private String chunk(String delta) {
      return """
      data: {"id":"chatcmpl-CfQ2m0aXkZr1Tq9LwYd3VbN8sPuEo","object":"chat.completion.chunk",\
      "created":1795376400,"model":"gpt-6.1-terra","service_tier":"default",\
      "system_fingerprint":null,"choices":[{"index":0,"delta":{%s},"logprobs":null,\
      "finish_reason":null}],"usage":null,"obfuscation":"k2Pq"}

      """
          .formatted(delta);
    }
  },

  GLM_CHAT {
    @Override
    String opening(EventKind kind) {
      String call =
          """
          ,"tool_calls":[{"id":"call_20261122194501f3a9c07be2d54e68_0","index":0,\
          "type":"function","function":{"name":"get_weather","arguments":""}}]\
          """;
      return chunk(kind == EventKind.TOOL ? call : ",\"content\":\"\"");
    }

    @Override
    String delta(EventKind kind, String piece) {
      return chunk(
          switch (kind) {
            case TEXT -> ",\"content\":\"" + piece + "\"";
            case REASONING -> ",\"reasoning_content\":\"" + piece + "\"";
            case TOOL ->
                ",\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"" + piece + "\"}}]";
          });
    }

    private String chunk(String delta) {
      return """
      data: {"id":"20261122194501f3a9c07be2d54e68","created":1795376701,\
      "object":"chat.completion.chunk","model":"glm-5.3","choices":[{"index":0,\
      "delta":{"role":"assistant"%s}}]}

      """
          .formatted(delta);
    }
  },

  MESSAGES {
    @Override
    String opening(EventKind kind) {
      String block =
          switch (kind) {
            case TEXT -> "{\"type\":\"text\",\"text\":\"\"}";
            case REASONING -> "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}";
            case TOOL ->
                "{\"type\":\"tool_use\",\"id\":\"toolu_01T1x1\",\"name\":\"get\",\"input\":{}}";
          };
      return """
      event: message_start
      data: {"type":"message_start","message":{"model":"claude-sonnet-5-5",\
      "id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message","role":"assistant","content":[],\
      "stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"output_tokens":2}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":%s   }

      """
          .formatted(block);
    }

    @Override
    String delta(EventKind kind, String piece) {
      String field =
          switch (kind) {
            case TEXT -> "\"text_delta\",\"text\"";
            case REASONING -> "\"thinking_delta\",\"thinking\"";
            case TOOL -> "\"input_json_delta\",\"partial_json\"";
          };
      return """
      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":%s:"%s"}      }

      """
          .formatted(field, piece);
    }
  },

  RESPONSES {
    @Override
    String opening(EventKind kind) {
      return """
      event: response.output_item.added
      data: {"type":"response.output_item.added","sequence_number":2,"output_index":0,\
      "item":{"id":"item_01","type":"message","status":"in_progress"}}

      """;
    }

    @Override
    String delta(EventKind kind, String piece) {
      String event =
          switch (kind) {
            case TEXT -> "response.output_text.delta";
            case REASONING -> "response.reasoning_summary_text.delta";
            case TOOL -> "response.function_call_arguments.delta";
          };
      return """
      event: %s
      data: {"type":"%s","sequence_number":11,"item_id":"item_01","output_index":0,\
      "content_index":0,"delta":"%s","logprobs":[],"obfuscation":"q"}

      """
          .formatted(event, event, piece);
    }
  };

  /// The records before the first delta of `kind`.
  abstract String opening(EventKind kind);

  /// One record that brings `piece`, the inside of a JSON string.
  abstract String delta(EventKind kind, String piece);
}
