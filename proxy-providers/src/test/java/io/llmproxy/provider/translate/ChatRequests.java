package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.llmproxy.provider.request.RequestFault;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;

/// Chat requests in a few words, and what became of them.
final class ChatRequests {
  /// Takes sampling parameters, forced calls and budgets.
  static final String OLD = "claude-sonnet-4-5";

  /// Takes efforts, and neither sampling parameters nor forced calls.
  static final String NEW = "claude-opus-5-5";

  static final String HELLO = "{\"role\":\"user\",\"content\":\"Hello\"}";

  private ChatRequests() {}

  /// The body sent to `model` for a request of `messages` and `more` fields.
  static String sent(String model, String messages, String more) {
    return done(model, body(messages, more)).body();
  }

  /// The fields left out of that request.
  static List<String> dropped(String model, String messages, String more) {
    return done(model, body(messages, more)).dropped();
  }

  /// Why that request is refused.
  static RequestFault refusal(String model, String messages, String more) {
    return refusal(model, body(messages, more));
  }

  static RequestFault refusal(String model, String body) {
    var allocator = new UnpooledByteBufAllocator(false);
    Translation translation =
        ChatToMessages.translate(body.getBytes(UTF_8), model, MessagesModel.of(model), allocator);
    if (!(translation instanceof Translation.Refused(RequestFault fault))) {
      throw new AssertionError("not refused: " + body);
    }
    if (allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory() != 0) {
      throw new AssertionError("not released: " + body);
    }
    return fault;
  }

  /// What a translation came to.
  record Sent(String body, List<String> dropped) {}

  static Sent done(String model, String body) {
    return done(MessagesModel.of(model), model, body);
  }

  static Sent done(MessagesModel model, String name, String body) {
    Translation translation =
        ChatToMessages.translate(
            body.getBytes(UTF_8), name, model, UnpooledByteBufAllocator.DEFAULT);
    if (!(translation instanceof Translation.Done(var out, var dropped))) {
      throw new AssertionError(translation);
    }
    String text = out.toString(UTF_8);
    out.release();
    JsonCheck.assertJson(text);
    return new Sent(text, dropped);
  }

  private static String body(String messages, String more) {
    return "{\"model\":\"m\",\"messages\":["
        + messages
        + "]"
        + (more.isEmpty() ? "" : "," + more)
        + "}";
  }
}
