package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.RequestTemplate;
import io.llmproxy.bench.load.RequestTemplate.Field;
import java.net.InetSocketAddress;
import java.util.List;

/// Chat requests of about 1 KiB, whose model names tell the simulated provider what to answer.
final class BenchRequests {
  /// Stands in each event right before the time it was written.
  static final String STAMP_MARK = "t=";

  /// Answers with about 700 bytes.
  static final String SMALL_MODEL = "sim-events=10,bytes=16";

  private static final String PATH = "/v1/chat/completions";
  private static final int BODY_BYTES = 1_024;

  private BenchRequests() {}

  /// The model whose streams have this shape; a rate of 0 sends all at once.
  static String streamModel(int events, int rate) {
    return "sim-events=" + events + ",rate=" + rate + ",bytes=64,stamp";
  }

  static RequestTemplate small() {
    return request("{\"model\":\"" + SMALL_MODEL + "\",");
  }

  static RequestTemplate stream(String model) {
    return request(
        "{\"model\":\""
            + model
            + "\",\"stream\":true,"
            + "\"stream_options\":{\"include_usage\":true,\"include_obfuscation\":false},");
  }

  private static RequestTemplate request(String start) {
    String before = start + "\"messages\":[{\"role\":\"user\",\"content\":\"";
    String after = "\"}]}";
    String question = "Which of these words is the longest, and why? ";
    int room = BODY_BYTES - before.length() - after.length();
    String filler = question.repeat(room / question.length() + 1).substring(0, room);
    return new RequestTemplate(
        "llmproxy.test",
        PATH,
        List.of(new Field("authorization", "Bearer bench"), new Field("accept", "*/*")),
        before + filler + after);
  }

  static String authority(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }
}
