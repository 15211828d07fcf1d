package io.llmproxy.proxy.admission;

import io.llmproxy.provider.json.Words;
import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.request.Wish;
import io.llmproxy.provider.wire.Operation;
import java.nio.charset.StandardCharsets;

/// What a request may come to, before anyone has counted.
///
/// A token is at least one byte of its text, so that the body's length bounds the tokens of what
/// stands in it; a part that only names a picture or a document is bounded by what providers make
/// of the largest ones.
///
/// @param likelyInput tokens of the prompt, estimated
/// @param mostInput tokens of the prompt, never passed
/// @param mostOutput tokens of each answer that the caller allows, −1 where it does not say
/// @param choices how many answers
/// @param hasOutput whether the answer is made of tokens
/// @param urgent whether it asks for service that may cost more
public record Demand(
    long likelyInput,
    long mostInput,
    long mostOutput,
    int choices,
    boolean hasOutput,
    boolean urgent) {

  /// What providers add to a prompt of their own: the forms of roles and tools.
  private static final int OVERHEAD_TOKENS = 1_024;

  private static final int BYTES_PER_TOKEN = 4;

  /// No provider makes more of one picture: OpenAI's gpt-4o-mini comes to 36,835.
  private static final int PICTURE_TOKENS = 40_000;

  /// A document fills a context at most; the largest are of a million tokens, and a bit.
  private static final int DOCUMENT_TOKENS = 1_100_000;

  /// Of a request that costs nothing.
  static final Demand FREE = new Demand(0, 0, 0, 1, false, false);

  /// Kinds of parts: first documents, then pictures.
  private static final Words MEDIA =
      Words.of(
          "document", "file", "input_file", "input_audio", "image_url", "input_image", "image");

  private static final long DOCUMENTS = 0b1111;

  /// How a letter of those may be written, which no common writer of JSON does; what is not ASCII
  /// begins as the first.
  private static final byte[] ESCAPE = bytes("\\u00");

  private static final byte[][] ESCAPED_LETTERS = {
    bytes("\\u006"), bytes("\\u007"), bytes("\\u005f"), bytes("\\u005F")
  };

  /// Whether it costs nothing, whatever it comes to.
  boolean isFree() {
    return equals(FREE);
  }

  /// What `body` may come to.
  ///
  /// @param bounded whether [#mostInput] is asked for: it costs a look at every byte
  public static Demand of(Operation operation, RequestBody body, boolean bounded) {
    Wish wish = body.wish();
    if (operation == Operation.COUNT_TOKENS) {
      return FREE;
    }
    long length = body.length();
    return new Demand(
        length / BYTES_PER_TOKEN + 1,
        bounded ? length + OVERHEAD_TOKENS + media(body) : length,
        wish.maxOutputTokens(),
        wish.choices(),
        wish.hasOutput(),
        wish.mayBeUrgent());
  }

  private static long media(RequestBody body) {
    long found = body.which(MEDIA);
    if ((found & DOCUMENTS) != 0 || hidesLetters(body)) {
      return DOCUMENT_TOKENS;
    }
    // As many pictures as could be named in a body of that length, up to what fills a context.
    return found == 0 ? 0 : Math.min(DOCUMENT_TOKENS, PICTURE_TOKENS * (1 + body.length() / 100));
  }

  /// Whether a kind may be named in another way.
  private static boolean hidesLetters(RequestBody body) {
    if (!body.contains(ESCAPE)) {
      return false;
    }
    for (byte[] letter : ESCAPED_LETTERS) {
      if (body.contains(letter)) {
        return true;
      }
    }
    return false;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
