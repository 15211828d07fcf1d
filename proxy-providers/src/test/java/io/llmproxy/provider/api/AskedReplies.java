package io.llmproxy.provider.api;

import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.wire.Operation;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;

/// What comes of the replies to a short request that was put to a provider.
final class AskedReplies {

  private AskedReplies() {}

  /// @param options further fields, each with its comma before it
  static Replies of(Operation caller, ProviderApi api, boolean stream, String options) {
    String said =
        caller == Operation.RESPONSES
            ? "\"input\":\"hi\""
            : "\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    RequestBody body = RequestBody.of(caller);
    body.add(
        Unpooled.wrappedBuffer(
            utf8("{\"model\":\"m\",\"stream\":" + stream + "," + said + options + "}")));
    assertThat(body.finish()).isNull();
    Plan plan =
        Plans.of(
            caller,
            body,
            ProviderModel.of(api, "m"),
            new TokenFactors(),
            UnpooledByteBufAllocator.DEFAULT);
    if (!(plan instanceof Plan.Ask(_, var upstream, _, Replies replies))) {
      throw new AssertionError(plan);
    }
    upstream.release();
    body.release();
    return replies;
  }
}
