package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.provider.api.Plan;
import io.llmproxy.provider.api.Plans;
import io.llmproxy.provider.api.ProviderApi;
import io.llmproxy.provider.api.ProviderModel;
import io.llmproxy.provider.api.TokenFactors;
import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.ReplyReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Streams of every provider, as callers of every dialect ask for them, cut at every byte: none is
/// taken for whole before its provider has said that it is.
@Timeout(240)
final class CutsIT {

  private static final List<String> SCRIPTS =
      List.of("events=1", "words,events=3", "think=1,events=1", "tools=2,events=1", "refusal");
  private static final List<String> MORE_SCRIPTS =
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

  private static ProxyBed bed;
  private static int streams;

  @BeforeAll
  static void start() throws IOException {
    bed = ProxyBed.of(Wire.H1);
  }

  @AfterAll
  static void stop() {
    bed.close();
    assertThat(streams).as("streams cut").isGreaterThanOrEqualTo(75);
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void noStreamIsWholeBeforeItsEnd(SimulatedProvider provider) throws Exception {
    cut(provider, SCRIPTS);
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  @Tag("long")
  void noneOfAHundredAndThirtyFiveMoreIs(SimulatedProvider provider) throws Exception {
    cut(provider, MORE_SCRIPTS);
  }

  private static void cut(SimulatedProvider provider, List<String> scripts) throws Exception {
    for (String script : scripts) {
      for (Operation caller : CALLERS) {
        cutEverywhere(provider, "sim-" + script, caller);
        streams++;
      }
    }
  }

  private static void cutEverywhere(SimulatedProvider provider, String model, Operation caller)
      throws Exception {
    RequestBody body = RequestBody.of(caller);
    body.add(Unpooled.copiedBuffer(body(caller, model), UTF_8));
    assertThat(body.finish()).isNull();
    ProviderModel target = ProviderModel.of(api(provider), model);
    Plan plan = Plans.of(caller, body, target, new TokenFactors(), ByteBufAllocator.DEFAULT);
    if (!(plan instanceof Plan.Ask ask)) {
      throw new AssertionError(provider + " " + model + ": " + plan);
    }
    byte[] stream = stream(provider, ask);
    int whole = 0;
    for (int cut = 0; cut <= stream.length; cut++) {
      if (isWhole(ask, stream, cut)) {
        whole++;
        String told = new String(stream, 0, cut, UTF_8);
        assertThat(told).as("%s %s %s", provider, model, caller).containsPattern(end(ask));
      }
    }
    assertThat(whole).as("%s %s %s", provider, model, caller).isPositive();
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

  private static ProviderApi api(SimulatedProvider provider) {
    return ProviderApi.valueOf(provider.name());
  }

  /// What the provider answers to what it is sent.
  private static byte[] stream(SimulatedProvider provider, Plan.Ask ask) throws IOException {
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

  private static boolean isWhole(Plan.Ask ask, byte[] stream, int cut) {
    ReplyReader reader = ask.replies().reader(true, true, ByteBufAllocator.DEFAULT, "r", 1);
    reader.read(Unpooled.wrappedBuffer(stream, 0, cut), ByteBuf::release);
    reader.finish(ByteBuf::release);
    boolean whole = reader.isComplete();
    reader.release();
    return whole;
  }

  /// How the provider says that it is whole. A chat that is translated is, too, where it ends
  /// cleanly after its finish reason.
  private static String end(Plan.Ask ask) {
    return switch (ask.operation()) {
      case CHAT_COMPLETIONS ->
          ask.replies().areTranslated() ? "\"finish_reason\": ?\"[a-z_]+\"" : "data: ?\\[DONE]";
      case MESSAGES -> "event: ?message_stop|\"type\": ?\"message_stop\"";
      default -> "\"type\": ?\"response\\.(completed|incomplete)\"[^\\n]*}\\s*$";
    };
  }
}
