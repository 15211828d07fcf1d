package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonWriter;

/// What shape the answer is to have: `response_format`.
final class OutputFormat {

  private enum Format {
    TYPE,
    JSON_SCHEMA
  }

  private enum JsonSchema {
    SCHEMA
  }

  private static final String ONLY_JSON =
      "Answer with one valid JSON object and nothing else: no prose and no code fence around it.";

  private final ChatRequest request;
  private final Members<JsonSchema> schema = new Members<>(JsonSchema.class);
  private final boolean jsonObject;
  private final boolean jsonSchema;

  private OutputFormat(ChatRequest request) {
    this.request = request;
    Members<ChatField> fields = request.fields();
    var format = new Members<>(Format.class);
    boolean given = fields.has(ChatField.RESPONSE_FORMAT);
    if (given) {
      format.read(request.body(), fields.from(ChatField.RESPONSE_FORMAT), request.body().length);
    }
    jsonObject = given && format.is(Format.TYPE, "json_object");
    jsonSchema = given && format.is(Format.TYPE, "json_schema") && readSchema(format);
    if (given && !jsonObject && !jsonSchema && !format.is(Format.TYPE, "text")) {
      request.refuse(
          ChatField.RESPONSE_FORMAT,
          "\"" + format.text(Format.TYPE) + "\"",
          "text, json_object, or json_schema with a schema");
    }
  }

  static OutputFormat of(ChatRequest request) {
    OutputFormat format = new OutputFormat(request);
    if (format.jsonSchema && !request.model().nativeJsonSchema()) {
      request.refuse(
          ChatField.RESPONSE_FORMAT,
          "json_schema",
          "text or json_object, since " + request.model().name() + " keeps to no schema");
    }
    return format;
  }

  /// What the model is to be told in words, empty where it is nothing.
  String instruction() {
    return jsonObject ? ONLY_JSON : "";
  }

  /// Writes `output_config` with the schema and the effort of `reasoning`, as far as there are any.
  void write(JsonWriter out, SchemaWriter schemas, Reasoning reasoning) {
    if (!jsonSchema && reasoning.effort() == null) {
      return;
    }
    out.name("output_config").startObject();
    if (reasoning.effort() != null) {
      out.name("effort").string(reasoning.effort());
    }
    if (jsonSchema) {
      out.name("format").startObject().name("type").string("json_schema").name("schema");
      schemas.write(schema.from(JsonSchema.SCHEMA), "response_format.json_schema.schema");
      out.endObject();
    }
    out.endObject();
  }

  private boolean readSchema(Members<Format> format) {
    byte[] body = request.body();
    return format.has(Format.JSON_SCHEMA)
        && schema.read(body, format.from(Format.JSON_SCHEMA), body.length)
        && schema.first(JsonSchema.SCHEMA) == '{';
  }
}
