package io.llmproxy.provider.request;

import io.llmproxy.provider.json.JsonFault;
import org.jspecify.annotations.Nullable;

/// Why a request's body is refused before any provider sees it.
///
/// @param field the one to blame, null where it is the body as a whole
/// @param message names the field, what was found and what is expected; fit for the caller
public record RequestFault(Kind kind, @Nullable String field, String message) {

  /// The ways in which a body is refused.
  public enum Kind {
    /// The bytes are not one JSON text in UTF-8.
    NOT_JSON,
    /// Arrays and objects nest too deep.
    TOO_DEEP,
    /// One field stands there twice: the proxy and the provider could read different ones.
    DUPLICATE_FIELD,
    /// More fields than are compared with one another.
    TOO_MANY_FIELDS,
    /// JSON, but no object.
    NOT_AN_OBJECT,
    /// A needed field is not there.
    MISSING_FIELD,
    /// A field's value is not of the kind it must be.
    WRONG_KIND,
    /// What is asked for cannot be put to this provider's model.
    UNSUPPORTED
  }

  static RequestFault missing(String field, String expected) {
    return new RequestFault(Kind.MISSING_FIELD, field, message(field, "missing", expected));
  }

  static RequestFault wrongKind(String field, String found, String expected) {
    return new RequestFault(Kind.WRONG_KIND, field, message(field, found, expected));
  }

  /// What `field` asks for has no counterpart at the provider's model; `why` says what is expected.
  public static RequestFault unsupported(String field, String why) {
    return new RequestFault(Kind.UNSUPPORTED, field, field + ": " + why);
  }

  static RequestFault notAnObject(String found) {
    return new RequestFault(Kind.NOT_AN_OBJECT, null, message("body", found, "a JSON object"));
  }

  /// What a fault in the JSON of the body, or of one of its fields, means to the caller.
  static RequestFault of(JsonFault fault, @Nullable String field, long offset) {
    String where = (field == null ? "body" : field) + ": ";
    String why = fault.detail() + " (at byte " + (offset + fault.offset()) + ")";
    return switch (fault.kind()) {
      case SYNTAX, TRUNCATED, INVALID_UTF8 ->
          new RequestFault(Kind.NOT_JSON, field, where + "not JSON: " + why);
      case TOO_DEEP -> new RequestFault(Kind.TOO_DEEP, field, where + why);
      case DUPLICATE_FIELD -> new RequestFault(Kind.DUPLICATE_FIELD, field, where + why);
      case TOO_MANY_FIELDS -> new RequestFault(Kind.TOO_MANY_FIELDS, field, where + why);
    };
  }

  private static String message(String field, String found, String expected) {
    return field + ": " + found + " (expected: " + expected + ")";
  }
}
