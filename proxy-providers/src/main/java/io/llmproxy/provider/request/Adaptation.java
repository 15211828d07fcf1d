package io.llmproxy.provider.request;

import io.llmproxy.provider.json.Splice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one provider's quirks change in one request.
public final class Adaptation {
  private final boolean takesStreamOptions;
  private final List<Change> changes = new ArrayList<>();
  private final List<Edit> edits = new ArrayList<>();
  private @Nullable RequestFault fault;

  /// One field that the provider receives otherwise than the caller sent it.
  ///
  /// @param field such as `seed` or `messages[].name`
  public record Change(String field, Kind kind) {

    /// What becomes of a field.
    public enum Kind {
      /// Not sent: the provider would refuse or ignore it.
      DROPPED,
      /// Sent under the name the provider gives it; means the same.
      RENAMED,
      /// Sent with the nearest value that the provider takes.
      REPLACED
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // read here alone, never compared
  private record Edit(long start, long end, byte[] with) {}

  Adaptation(boolean takesStreamOptions) {
    this.takesStreamOptions = takesStreamOptions;
  }

  /// Why the request cannot be sent to this provider; null where it can.
  public @Nullable RequestFault fault() {
    return fault;
  }

  /// All that is changed, each field once.
  public List<Change> changes() {
    return Collections.unmodifiableList(changes);
  }

  /// The names of the fields that are not sent.
  public List<String> dropped() {
    return changes.stream()
        .filter(change -> change.kind() == Change.Kind.DROPPED)
        .map(Change::field)
        .toList();
  }

  boolean takesStreamOptions() {
    return takesStreamOptions;
  }

  void refuse(RequestFault why) {
    if (fault == null) {
      fault = why;
    }
  }

  void changed(String field, Change.Kind kind) {
    Change change = new Change(field, kind);
    if (!changes.contains(change)) {
      changes.add(change);
    }
  }

  void edit(long start, long end, byte[] with) {
    edits.add(new Edit(start, end, with));
  }

  void applyTo(Splice splice) {
    for (Edit edit : edits) {
      splice.replace(edit.start(), edit.end(), edit.with());
    }
  }
}
