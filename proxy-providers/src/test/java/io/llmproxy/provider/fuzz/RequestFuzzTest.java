package io.llmproxy.provider.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.llmproxy.provider.api.Plan;
import io.llmproxy.provider.api.Plans;
import io.llmproxy.provider.api.ProviderApi;
import io.llmproxy.provider.api.ProviderModel;
import io.llmproxy.provider.api.TokenFactors;
import io.llmproxy.provider.json.JsonOracle;
import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.request.RequestFault;
import io.llmproxy.provider.request.UpstreamBody;
import io.llmproxy.provider.wire.Operation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.provider.MethodSource;

/// A request is refused with a word of why, or becomes one JSON object for the provider: with every
/// provider's quirks, spliced or translated, and leaves no buffer behind.
final class RequestFuzzTest {
  private static final List<ProviderModel> MODELS =
      List.of(
          ProviderModel.of(ProviderApi.ANTHROPIC, "claude-sonnet-5-5"),
          ProviderModel.of(ProviderApi.ANTHROPIC, "claude-haiku-4-5"),
          ProviderModel.of(ProviderApi.OPENAI, "gpt-6.1-terra"),
          ProviderModel.of(ProviderApi.OPENAI, "o3-mini"),
          ProviderModel.of(ProviderApi.GLM, "glm-5.3"),
          ProviderModel.of(ProviderApi.GROQ, "openai/gpt-oss-120b"),
          ProviderModel.of(ProviderApi.GROK, "grok-4.3"),
          ProviderModel.of(ProviderApi.OPENAI_COMPATIBLE, "any"),
          ProviderModel.of(ProviderApi.ANTHROPIC_COMPATIBLE, "any"));

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#chatRequests")
  @FuzzTest
  void chatIsRefusedOrBecomesJsonForEveryModel(byte[] text) {
    ask(Operation.CHAT_COMPLETIONS, text);
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#messagesRequests")
  @FuzzTest
  void messagesAreRefusedOrBecomeJsonForEveryModel(byte[] text) {
    ask(Operation.MESSAGES, text);
    ask(Operation.COUNT_TOKENS, text);
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#responsesRequests")
  @FuzzTest
  void responsesAreRefusedOrBecomeJsonForEveryModel(byte[] text) {
    ask(Operation.RESPONSES, text);
  }

  @MethodSource("io.llmproxy.provider.fuzz.Seeds#chatRequests")
  @FuzzTest
  void aSpliceChangesNothingButTheModel(byte[] text) {
    RequestBody body = received(Operation.CHAT_COMPLETIONS, text);
    if (body.finish() == null) {
      String name = "another \"model\" \u6A21";
      byte[] sent = sent(body.splice(name, false));
      Map<String, Object> expected = new HashMap<>(JsonOracle.object(text));
      expected.put("model", name);
      assertThat(JsonOracle.object(sent)).isEqualTo(expected);
      assertThat(sent(body.splice(null, false))).isEqualTo(text);

      byte[] counted = sent(body.splice(null, true));
      Map<String, Object> without = new HashMap<>(JsonOracle.object(counted));
      expected = new HashMap<>(JsonOracle.object(text));
      if (body.isStreamed()) {
        assertThat(without.get("stream_options")).asString().contains("include_usage");
      }
      without.remove("stream_options");
      expected.remove("stream_options");
      assertThat(without).isEqualTo(expected);
    }
    body.release();
  }

  private static void ask(Operation operation, byte[] text) {
    var allocator = new UnpooledByteBufAllocator(true, true);
    RequestBody body = received(operation, text);
    RequestFault fault = body.finish();
    if (fault == null) {
      for (ProviderModel model : MODELS) {
        check(Plans.of(operation, body, model, new TokenFactors(), allocator));
      }
    } else {
      assertThat(fault.message()).isNotBlank();
    }
    body.release();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  private static void check(Plan plan) {
    switch (plan) {
      case Plan.Ask ask -> {
        byte[] sent = sent(ask.body());
        ask.body().release();
        assertThat(JsonOracle.accepts(sent)).isTrue();
        assertThat(ask.dropped()).doesNotHaveDuplicates();
      }
      case Plan.Refuse(RequestFault fault) -> assertThat(fault.message()).isNotBlank();
      case Plan.Estimate(ByteBuf answer) -> {
        assertThat(Objects.requireNonNull(JsonOracle.object(bytes(answer)).get("input_tokens")))
            .isInstanceOf(JsonOracle.Scalar.class);
        answer.release();
      }
    }
  }

  private static RequestBody received(Operation operation, byte[] text) {
    RequestBody body = RequestBody.of(operation);
    int from = 0;
    List<Integer> ends = new ArrayList<>();
    for (int cut : Cuts.of(text)) {
      ends.add(cut);
    }
    ends.add(text.length);
    for (int to : ends) {
      body.add(Unpooled.wrappedBuffer(text, from, to - from));
      from = to;
    }
    return body;
  }

  private static byte[] sent(UpstreamBody body) {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    body.emit(part -> {
      sent.writeBytes(bytes(part));
      part.release();
    });
    assertThat(body.length()).isEqualTo(sent.size());
    return sent.toByteArray();
  }

  private static byte[] bytes(ByteBuf part) {
    byte[] bytes = new byte[part.readableBytes()];
    part.getBytes(part.readerIndex(), bytes);
    return bytes;
  }
}
