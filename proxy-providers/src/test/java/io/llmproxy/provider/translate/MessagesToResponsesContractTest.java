package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.sample;
import static io.llmproxy.provider.translate.StreamedChat.ALLOCATOR;

import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A stream of Anthropic's to a caller of Responses, by way of Chat Completions.
final class MessagesToResponsesContractTest extends TranslatorContract {

  @Override
  ReplyReader reader() {
    return new ReplyChain(
        new MessagesToChatStream("asked", 1_795_376_402L, true),
        new ChatToResponsesStream(
            ALLOCATOR, new ResponseHead("asked", "req_1", 1_795_376_402L, ResponseEcho.NONE), 17));
  }

  @Override
  byte[] stream() {
    return sample("anthropic-messages-stream.sse");
  }

  @Override
  Usage usage() {
    return new Usage(25, 1536, 384, 0, 0, 0, 0, 58, 31, 0, 0);
  }

  @Override
  List<String> meaningless() {
    return List.of(
        ": keep-alive\n\n",
        "event: ping\ndata: {\"type\": \"ping\"}\n\n",
        "event: new_event\ndata: {\"type\":\"new_event\",\"delta\":{\"text\":\"x\"}}\n\n");
  }

  @Override
  String end() {
    String golden =
        new String(
            Golden.of("responses-chat", "chain-anthropic").out(), StandardCharsets.ISO_8859_1);
    return golden.substring(golden.lastIndexOf("event: "));
  }

  @Override
  String usageText() {
    return "\"usage\":{\"input_tokens\":1945,";
  }
}
