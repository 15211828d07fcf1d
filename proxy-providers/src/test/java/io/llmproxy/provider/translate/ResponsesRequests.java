package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.utf8;

import io.llmproxy.provider.request.RequestFault;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Responses requests, written with `'` for `"`, and what becomes of them.
final class ResponsesRequests {
  private ResponsesRequests() {}

  /// A model of the target's.
  static String model(ChatTarget target) {
    return switch (target) {
      case OPENAI -> "gpt-6.1-terra";
      case GLM -> "glm-5.3";
      case GROQ -> "openai/gpt-oss-120b";
      case GROK -> "grok-4.7";
      case COMPATIBLE -> "some-model";
      case MESSAGES -> "claude-sonnet-5-5";
    };
  }

  static Translation translate(String body, ChatTarget target) {
    byte[] bytes = utf8(body.replace('\'', '"'));
    return ResponsesToChat.translate(bytes, model(target), target, StreamedChat.ALLOCATOR);
  }

  /// The body that must come of it.
  static ParsedJson chat(String body, ChatTarget target) {
    return ParsedJson.of(done(translate(body, target)));
  }

  /// The names of what is left out.
  static List<String> dropped(String body, ChatTarget target) {
    Translation translation = translate(body, target);
    done(translation);
    return ((Translation.Done) translation).dropped();
  }

  /// Why it must be refused.
  static RequestFault fault(String body, ChatTarget target) {
    Translation translation = translate(body, target);
    if (translation instanceof Translation.Refused(RequestFault fault)) {
      return fault;
    }
    throw new AssertionError(done(translation));
  }

  /// The text of a body, which is released.
  static String done(Translation translation) {
    if (!(translation instanceof Translation.Done(ByteBuf body, var _))) {
      throw new AssertionError(translation);
    }
    String text = body.toString(StandardCharsets.UTF_8);
    body.release();
    return text;
  }
}
