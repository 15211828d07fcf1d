package io.llmproxy.client;

/// The attempts at providers that one call may still come to, whoever makes them.
///
/// Each try is granted a part of what is left and tells the proxy so. What it made of it is told by
/// its reply, and subtracted; where nobody tells, as when the proxy was killed, all that was
/// granted counts as made. So that such a try is not the last one, only half of what is left,
/// rounded up, is granted at a time.
final class Budget {

  private int left;
  private int spent;
  private int granted;

  Budget(int attempts) {
    left = attempts;
  }

  /// How many attempts the next try may make; 0 for no further try.
  int grant() {
    granted = left - left / 2;
    return granted;
  }

  /// The try's reply told how many attempts it made.
  void told(int made) {
    spend(made);
  }

  /// The try ended in silence.
  void untold() {
    spend(granted);
  }

  /// No provider can have seen the try.
  void unseen() {
    granted = 0;
  }

  private void spend(int made) {
    spent += made;
    left = Math.max(0, left - made);
    granted = 0;
  }

  boolean isSpent() {
    return left == 0;
  }

  /// Attempts made so far, rather too many than too few.
  int spent() {
    return spent;
  }
}
