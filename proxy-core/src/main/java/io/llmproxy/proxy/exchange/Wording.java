package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.api.Plan;
import io.llmproxy.provider.api.Plans;
import io.llmproxy.provider.api.ProviderModel;
import io.llmproxy.provider.api.TokenFactors;
import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.wire.Dialect;
import io.llmproxy.proxy.route.Target;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// How one request is put to each of the models that are asked.
final class Wording {

  private final Request request;
  private final TokenFactors factors;

  /// The name of the model that was asked first; the thinking that the request holds may be its
  /// own.
  private @Nullable String firstModel;

  Wording(Request request, TokenFactors factors) {
    this.request = request;
    this.factors = factors;
  }

  /// A request in the words of one provider.
  ///
  /// @param own what the words are made from where that is not the caller's own body; to be
  ///   released with them
  /// @param continued whether the answer is to go on from its beginning
  record Worded(Plan plan, @Nullable RequestBody own, boolean continued) {
    void release() {
      if (own != null) {
        own.release();
      }
    }
  }

  /// @param maxOutput the most tokens that an answer may have, −1 for as the caller has it
  /// @param begun the beginning of the answer, that it is to go on from; empty for none
  Worded of(Target target, long maxOutput, String begun) {
    RequestBody body = request.body();
    RequestBody own = maxOutput > 0 ? body.withMaxOutputTokens(maxOutput) : null;
    boolean continues = isContinuable(target, begun);
    RequestBody longer = continues ? (own == null ? body : own).withTurn(begun) : null;
    if (longer != null && own != null) {
      own.release();
    }
    RequestBody last = longer == null ? own : longer;
    return new Worded(plan(last == null ? body : last, target), last, longer != null);
  }

  /// Messages takes no answer to go on from that ends in white space.
  private static boolean isContinuable(Target target, String begun) {
    return !begun.isEmpty()
        && begun.equals(begun.stripTrailing())
        && target.providerModel().api().dialect() == Dialect.ANTHROPIC_MESSAGES;
  }

  private Plan plan(RequestBody body, Target target) {
    ProviderModel model = target.providerModel();
    if (firstModel == null) {
      firstModel = model.name();
    }
    return firstModel.equals(model.name())
        ? Plans.of(request.operation(), body, model, factors, ByteBufAllocator.DEFAULT)
        : Plans.inStead(request.operation(), body, model, factors, ByteBufAllocator.DEFAULT);
  }
}
