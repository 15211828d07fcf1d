package io.llmproxy.provider.translate;

import static io.llmproxy.provider.translate.StreamedChat.ALLOCATOR;

import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A stream of a provider of Chat Completions to a caller of Responses.
final class ChatToResponsesContractTest extends TranslatorContract {
  private static final String CHUNK = "data: {\"id\":\"chatcmpl-1\",\"choices\":[%s]}\n\n";

  @Override
  ReplyReader reader() {
    return new ChatToResponsesStream(
        ALLOCATOR, new ResponseHead("asked", "req_1", 1_795_376_402L, ResponseEcho.NONE), 17);
  }

  @Override
  byte[] stream() {
    return Golden.of("responses-chat", "stream-all").in();
  }

  @Override
  Usage usage() {
    return new Usage(10, 60, 0, 0, 30, 0, 0, 15, 5, 0, 120);
  }

  @Override
  List<String> meaningless() {
    return List.of(
        ": keep-alive\n\n",
        "event: ping\n\n",
        "id: 7\nretry: 9\n\n",
        CHUNK.formatted(""),
        CHUNK.formatted("{\"delta\":{\"content\":\"\"},\"finish_reason\":null}"),
        CHUNK.formatted("{\"delta\":{\"audio\":{\"id\":\"a\"},\"tool_calls\":null}}"),
        CHUNK.formatted("{\"index\":1,\"delta\":{\"content\":\"another choice\"}}"));
  }

  @Override
  int lastNeeded(String stream) {
    return stream.lastIndexOf("\n\n", stream.indexOf("\"finish_reason\":\""));
  }

  @Override
  String end() {
    String golden =
        new String(Golden.of("responses-chat", "stream-all").out(), StandardCharsets.ISO_8859_1);
    return golden.substring(golden.lastIndexOf("event: "));
  }

  @Override
  String usageText() {
    return "\"usage\":{\"input_tokens\":100,";
  }
}
