package io.llmproxy.provider.translate;

import io.llmproxy.provider.request.RequestFault;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is found while a request is translated: the first reason to refuse it, and the fields left
/// out. Translating goes on after a refusal; what it writes then is thrown away.
final class Findings {
  private final Set<String> dropped = new LinkedHashSet<>();
  private @Nullable RequestFault fault;

  /// `field` holds `found`, which the target cannot be given.
  void refuse(String field, String found, String expected) {
    refuse(RequestFault.Kind.WRONG_KIND, field, found, expected);
  }

  /// A needed field is not there.
  void missing(String field, String expected) {
    refuse(RequestFault.Kind.MISSING_FIELD, field, "missing", expected);
  }

  /// `field` is left out.
  void drop(String field) {
    dropped.add(field);
  }

  @Nullable RequestFault fault() {
    return fault;
  }

  /// The fields left out, each once, in the order found.
  List<String> dropped() {
    return List.copyOf(new ArrayList<>(dropped));
  }

  private void refuse(RequestFault.Kind kind, String field, String found, String expected) {
    if (fault == null) {
      fault = new RequestFault(kind, field, field + ": " + found + " (expected: " + expected + ")");
    }
  }
}
