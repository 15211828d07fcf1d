package io.llmproxy.provider.request;

import io.llmproxy.provider.request.Adaptation.Change;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a provider's quirks make of a chat request, for tests.
///
/// @param text as sent; as received where it is refused
public record Adapted(String text, List<Change> changes, @Nullable RequestFault fault) {

  /// Adapts `text`, which arrived in pieces, in the way of an attempt that wants to know the usage.
  public static Adapted of(ChatQuirks quirks, String text) {
    RequestBody body = Bodies.chat(text);
    Adaptation adaptation = body.adapt(quirks);
    RequestFault fault = adaptation.fault();
    String sent = fault == null ? Bodies.text(body.splice(null, true, adaptation)) : text;
    body.release();
    return new Adapted(sent, adaptation.changes(), fault);
  }

  /// The changes in words.
  public List<String> told() {
    return changes.stream().map(change -> change.kind() + " " + change.field()).toList();
  }

  /// Why it is refused; empty where it is not.
  public String refusal() {
    return fault == null ? "" : fault.message();
  }
}
