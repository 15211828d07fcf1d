package io.llmproxy.provider.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.llmproxy.provider.translate.ChatTarget;
import io.llmproxy.provider.translate.ChatToMessagesJson;
import io.llmproxy.provider.translate.ChatToMessagesStream;
import io.llmproxy.provider.translate.ChatToResponsesJson;
import io.llmproxy.provider.translate.ChatToResponsesStream;
import io.llmproxy.provider.translate.MessagesToChatJson;
import io.llmproxy.provider.translate.MessagesToChatStream;
import io.llmproxy.provider.translate.ReplyChain;
import io.llmproxy.provider.translate.ReplyReaders;
import io.llmproxy.provider.translate.ReshapedReply;
import io.llmproxy.provider.translate.ResponseEcho;
import io.llmproxy.provider.translate.ResponseHead;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.ReplyReader;
import org.junit.jupiter.params.provider.MethodSource;

/// A reply comes to the same however it is cut, ends at most once and leaves no buffer behind;
/// where the provider's words are JSON, so is what the caller gets.
final class ReplyFuzzTest {
  private static final ResponseHead HEAD = new ResponseHead("m", "r1", 1, ResponseEcho.NONE);

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#messagesStreams")
  @FuzzTest
  void messagesStreamAsChat(byte[] body) {
    Followed.stream(_ -> messagesToChat(), body).endsAtMostOnceWith("data: [DONE]\n\n");
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#messagesStreams")
  @FuzzTest
  void messagesStreamAsResponses(byte[] body) {
    Followed.stream(
            allocator ->
                new ReplyChain(messagesToChat(), new ChatToResponsesStream(allocator, HEAD, 7)),
            body)
        .endsAtMostOnceWith("event: response.completed\n")
        .endsAtMostOnceWith("event: response.incomplete\n");
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#chatStreams")
  @FuzzTest
  void chatStreamAsMessages(byte[] body) {
    Followed.stream(allocator -> new ChatToMessagesStream(allocator, "m", "r1", 7), body)
        .endsAtMostOnceWith("event: message_stop\n");
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#chatStreams")
  @FuzzTest
  void chatStreamAsResponses(byte[] body) {
    Followed.stream(allocator -> new ChatToResponsesStream(allocator, HEAD, 7), body)
        .endsAtMostOnceWith("event: response.completed\n");
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#chatStreams")
  @FuzzTest
  void chatStreamInTheWordsOfOpenAi(byte[] body) {
    Followed.stream(allocator -> ReplyReaders.chat(ChatTarget.GLM, true, true, allocator), body);
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#chatStreams")
  @FuzzTest
  void chatStreamAsItCame(byte[] body) {
    Followed.stream(_ -> ReplyReaders.spliced(Operation.CHAT_COMPLETIONS, true, false), body)
        .isUnchanged();
    Followed.stream(_ -> ReplyReaders.spliced(Operation.CHAT_COMPLETIONS, true, true), body);
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#messagesStreams")
  @FuzzTest
  void messagesStreamAsItCameButForNames(byte[] body) {
    Followed.stream(_ -> ReplyReaders.spliced(Operation.MESSAGES, true, false), body)
        .isUnchangedBut("event: [a-z_]+\n");
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#responsesStreams")
  @FuzzTest
  void responsesStreamAsItCame(byte[] body) {
    Followed.stream(_ -> ReplyReaders.spliced(Operation.RESPONSES, true, false), body)
        .isUnchanged();
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#messages")
  @FuzzTest
  void messageAsChatAndAsResponse(byte[] body) {
    Followed.json(_ -> new MessagesToChatJson("m", 1), body);
    Followed.json(
        allocator ->
            new ReplyChain(
                new MessagesToChatJson("m", 1), new ChatToResponsesJson(allocator, HEAD, 7)),
        body);
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#chatAnswers")
  @FuzzTest
  void chatAsMessageAndAsResponse(byte[] body) {
    Followed.json(allocator -> new ChatToMessagesJson(allocator, "m", "r1", 7), body);
    Followed.json(allocator -> new ChatToResponsesJson(allocator, HEAD, 7), body);
    Followed.json(allocator -> ReplyReaders.chat(ChatTarget.GLM, false, false, allocator), body);
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#chatStreams")
  @FuzzTest
  void chatStreamAsJson(byte[] body) {
    foldAndCheck(Operation.CHAT_COMPLETIONS, body);
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#messagesStreams")
  @FuzzTest
  void messagesStreamAsJson(byte[] body) {
    foldAndCheck(Operation.MESSAGES, body);
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#responsesStreams")
  @FuzzTest
  void responsesStreamAsJson(byte[] body) {
    foldAndCheck(Operation.RESPONSES, body);
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#chatAnswers")
  @FuzzTest
  void chatAsStream(byte[] body) {
    unfoldAndCheck(Operation.CHAT_COMPLETIONS, body);
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#messages")
  @FuzzTest
  void messageAsStream(byte[] body) {
    unfoldAndCheck(Operation.MESSAGES, body);
  }

  private static void foldAndCheck(Operation operation, byte[] body) {
    Followed.streamAsJson(
        allocator ->
            ReshapedReply.json(ReplyReaders.spliced(operation, true, false), operation, allocator),
        body);
  }

  private static void unfoldAndCheck(Operation operation, byte[] body) {
    Followed.jsonAsStream(
        allocator ->
            ReshapedReply.stream(
                ReplyReaders.spliced(operation, false, false), operation, true, allocator),
        body);
  }

  private static ReplyReader messagesToChat() {
    return new MessagesToChatStream("m", 1, true);
  }
}
