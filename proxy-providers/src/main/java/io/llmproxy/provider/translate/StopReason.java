package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import org.jspecify.annotations.Nullable;

/// Why a message ended, in the words of Messages, and which words of Chat Completions mean it.
enum StopReason {
  END_TURN("end_turn", "stop"),
  TOOL_USE("tool_use", "tool_calls", "function_call"),
  MAX_TOKENS("max_tokens", "length"),
  REFUSAL("refusal", "content_filter", "sensitive"),
  WINDOW_EXCEEDED("model_context_window_exceeded", "model_context_window_exceeded");

  private final byte[] word;
  private final byte[][] chatWords;

  StopReason(String word, String... chatWords) {
    this.word = word.getBytes(US_ASCII);
    this.chatWords = new byte[chatWords.length][];
    for (int i = 0; i < chatWords.length; i++) {
      this.chatWords[i] = chatWords[i].getBytes(US_ASCII);
    }
  }

  byte[] word() {
    return word;
  }

  /// What the string that `cursor` has read means. A word that nobody knows ends the turn.
  static StopReason ofChat(JsonCursor cursor) {
    for (StopReason reason : values()) {
      for (byte[] chatWord : reason.chatWords) {
        if (cursor.is(chatWord)) {
          return reason;
        }
      }
    }
    return END_TURN;
  }

  /// What a message says that ended for `finish`, null where its provider said nothing. A call that
  /// was made wants an answer, also where the provider says `stop`; one that was not made wants
  /// none, whatever it says.
  static StopReason of(@Nullable StopReason finish, boolean called, boolean refused) {
    return switch (finish) {
      case MAX_TOKENS, REFUSAL, WINDOW_EXCEEDED -> finish;
      case END_TURN, TOOL_USE -> turn(called, refused);
      case null -> turn(called, refused);
    };
  }

  private static StopReason turn(boolean called, boolean refused) {
    if (called) {
      return TOOL_USE;
    }
    return refused ? REFUSAL : END_TURN;
  }
}
