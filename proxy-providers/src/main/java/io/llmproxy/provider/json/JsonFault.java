package io.llmproxy.provider.json;

/// Why bytes are not the JSON text they should be.
///
/// @param offset of the byte that is wrong, counted from the first byte of the text
/// @param detail what was expected and what was found there, fit to be shown to a caller
public record JsonFault(Kind kind, long offset, String detail) {

  /// The ways in which a text fails.
  public enum Kind {
    /// A byte that the grammar of RFC 8259 does not allow there.
    SYNTAX,
    /// The text ends before its value does.
    TRUNCATED,
    /// Arrays and objects nest deeper than [JsonScanner#MAX_DEPTH].
    TOO_DEEP,
    /// The outermost object names one field twice.
    DUPLICATE_FIELD,
    /// The outermost object has more fields, or longer names, than are compared.
    TOO_MANY_FIELDS,
    /// A string holds bytes that are not UTF-8.
    INVALID_UTF8
  }
}
