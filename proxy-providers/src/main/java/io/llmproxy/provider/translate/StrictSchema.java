package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonCursor;

/// Whether a JSON schema may be sent with `strict`, by OpenAI's rules: the root is an object, every
/// object names all its properties as required and allows no others, and no keyword stands in it
/// that its grammar does not know.
final class StrictSchema {
  private static final MemberNames MEMBERS =
      MemberNames.of(
          "type",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "anyOf",
          "$defs",
          "definitions");

  private static final MemberNames UNKNOWN =
      MemberNames.of(
          "oneOf",
          "allOf",
          "not",
          "if",
          "then",
          "else",
          "dependentRequired",
          "dependentSchemas",
          "patternProperties");

  private StrictSchema() {}

  static boolean allows(JsonSpan schema) {
    return schema.members(MEMBERS)[0].is("object") && isStrict(schema);
  }

  private static boolean isStrict(JsonSpan schema) {
    if (!schema.isObject() || hasUnknown(schema)) {
      return false;
    }
    JsonSpan[] at = schema.members(MEMBERS);
    boolean object = at[0].is("object") || at[1].isPresent();
    if (object && !isClosed(at)) {
      return false;
    }
    return areStrict(at[1])
        && (!at[4].isPresent() || isStrict(at[4]))
        && areStrict(at[5])
        && areStrict(at[6])
        && areStrict(at[7]);
  }

  /// Whether an object's properties are all required, and no others allowed.
  private static boolean isClosed(JsonSpan[] object) {
    return object[3].isFalse() && size(object[1]) == size(object[2]);
  }

  /// Whether the values of an object, or of an array, are all such schemas; nothing is.
  private static boolean areStrict(JsonSpan schemas) {
    JsonCursor cursor = schemas.cursor();
    boolean object = schemas.isObject();
    if (!schemas.isPresent() || !(object ? cursor.enterObject() : cursor.enterArray())) {
      return !schemas.isPresent();
    }
    while (object ? cursor.nextName() : cursor.nextElement()) {
      if (!isStrict(JsonSpan.next(schemas.bytes(), cursor))) {
        return false;
      }
    }
    return true;
  }

  private static int size(JsonSpan container) {
    JsonCursor cursor = container.cursor();
    boolean object = container.isObject();
    int size = 0;
    if (!container.isPresent() || !(object ? cursor.enterObject() : cursor.enterArray())) {
      return size;
    }
    while (object ? cursor.nextName() : cursor.nextElement()) {
      cursor.skipValue();
      size++;
    }
    return size;
  }

  private static boolean hasUnknown(JsonSpan schema) {
    for (JsonSpan member : schema.members(UNKNOWN)) {
      if (member.isPresent()) {
        return true;
      }
    }
    return false;
  }
}
