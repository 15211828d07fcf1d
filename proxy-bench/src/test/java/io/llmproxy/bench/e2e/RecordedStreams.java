package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.provider.api.Plan;
import io.llmproxy.provider.api.Plans;
import io.llmproxy.provider.api.ProviderApi;
import io.llmproxy.provider.api.ProviderModel;
import io.llmproxy.provider.api.TokenFactors;
import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.wire.Operation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;

/// Streams as simulated providers answer them, recorded byte for byte, each with the plan by which
/// a caller of some dialect asked for it.
final class RecordedStreams {

  /// Fifteen streams of each provider: five scripts, each for callers of three dialects.
  static final List<String> SCRIPTS =
      List.of("events=1", "words,events=3", "think=1,events=1", "tools=2,events=1", "refusal");

  /// Twenty-seven more.
  static final List<String> MORE_SCRIPTS =
      List.of(
          "events=3",
          "events=2,bytes=40",
          "tools=1",
          "tools=2,args=empty",
          "events=2,finish=length",
          "events=2,cached=9",
          "events=2,sse=crlf",
          "events=2,sse=comments",
          "events=2,sse=tight");

  private static final List<Operation> CALLERS =
      List.of(Operation.CHAT_COMPLETIONS, Operation.MESSAGES, Operation.RESPONSES);

  /// What is done with one.
  @FunctionalInterface
  interface Use {
    /// Uses one.
    ///
    /// @param name of provider, script and caller
    void of(String name, Plan.Ask ask, byte[] stream);
  }

  private RecordedStreams() {}

  /// Records what `provider` answers by each script, for callers of each dialect; gives how many
  /// there were.
  static int each(ProxyBed bed, SimulatedProvider provider, List<String> scripts, Use use)
      throws Exception {
    for (String script : scripts) {
      for (Operation caller : CALLERS) {
        record(bed, provider, "sim-" + script, caller, use);
      }
    }
    return scripts.size() * CALLERS.size();
  }

  private static void record(
      ProxyBed bed, SimulatedProvider provider, String model, Operation caller, Use use)
      throws Exception {
    RequestBody body = RequestBody.of(caller);
    body.add(Unpooled.copiedBuffer(body(caller, model), UTF_8));
    assertThat(body.finish()).isNull();
    ProviderModel target = ProviderModel.of(ProviderApi.valueOf(provider.name()), model);
    Plan plan = Plans.of(caller, body, target, new TokenFactors(), ByteBufAllocator.DEFAULT);
    String name = provider + " " + model + " " + caller;
    if (!(plan instanceof Plan.Ask ask)) {
      throw new AssertionError(name + ": " + plan);
    }
    use.of(name, ask, stream(bed, provider, ask));
    ask.body().release();
    body.release();
  }

  private static String body(Operation caller, String model) {
    String field = caller == Operation.RESPONSES ? "input" : "messages";
    String tools =
        !model.contains("tools")
            ? ""
            : switch (caller) {
              case CHAT_COMPLETIONS ->
                  tools("{\"type\":\"function\",\"function\":{%s,\"parameters\":%s}}");
              case MESSAGES -> tools("{%s,\"input_schema\":%s}");
              default -> tools("{\"type\":\"function\",%s,\"parameters\":%s,\"strict\":false}");
            };
    String limit = caller == Operation.RESPONSES ? "" : "\"max_tokens\":64,";
    return "{\"model\":\"%s\",%s\"stream\":true,\"%s\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}"
        .formatted(model, limit, field, tools);
  }

  private static String tools(String form) {
    String schema = "{\"type\":\"object\",\"properties\":{}}";
    return ",\"tools\":["
        + form.formatted("\"name\":\"a\"", schema)
        + ","
        + form.formatted("\"name\":\"b\"", schema)
        + "]";
  }

  /// What the provider answers to what it is sent.
  private static byte[] stream(ProxyBed bed, SimulatedProvider provider, Plan.Ask ask)
      throws IOException {
    ByteBuf sent = Unpooled.buffer();
    ask.body()
        .emit(part -> {
          sent.writeBytes(part);
          part.release();
        });
    String path = ask.operation().path();
    Ask direct = Ask.post(path.startsWith("/v1") ? path : "/v1" + path, sent.toString(UTF_8));
    Answer answer = bed.askProvider(provider, direct);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.text().getBytes(UTF_8);
  }
}
