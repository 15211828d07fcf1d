package io.llmproxy.provider.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.wire.Operation;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Which of its operations a provider is asked for.
final class PlansTest {

  /// What these cases say of translating Responses' replies to Chat Completions holds because none
  /// is: no provider is asked for Responses on behalf of a caller of Chat Completions.
  @EdgeCase({37, 38})
  @ParameterizedTest
  @EnumSource
  void aCallerOfChatCompletionsIsNeverAnsweredByResponses(ProviderApi api) {
    String chat = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    RequestBody body = RequestBody.of(Operation.CHAT_COMPLETIONS);
    body.add(Unpooled.copiedBuffer(chat, StandardCharsets.UTF_8));
    assertThat(body.finish()).isNull();
    Plan plan =
        Plans.of(
            Operation.CHAT_COMPLETIONS,
            body,
            ProviderModel.of(api, "m"),
            new TokenFactors(),
            ByteBufAllocator.DEFAULT);
    assertThat(plan).isInstanceOf(Plan.Ask.class);
    Plan.Ask ask = (Plan.Ask) plan;
    assertThat(ask.operation()).isIn(Operation.CHAT_COMPLETIONS, Operation.MESSAGES);
    ask.body().release();
    body.release();
  }
}
