package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.api.TokenFactors;
import io.llmproxy.proxy.config.Settings.Limits;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.http.ReplyWriter;
import io.llmproxy.proxy.http.RequestHead;
import io.llmproxy.proxy.observe.Observer;
import io.llmproxy.proxy.route.Routes;
import io.llmproxy.proxy.upstream.UpstreamPool;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;

/// What the exchanges of one event loop share.
///
/// @param pools by the upstream's index
/// @param heartbeat zero for none
/// @param deadlines started by whoever makes this
public record ExchangeServices(
    EventLoop loop,
    Routes routes,
    List<UpstreamPool> pools,
    LocalAnswers local,
    Observer observer,
    Limits limits,
    Duration heartbeat,
    DeadlineSweep deadlines,
    RequestIds ids,
    TokenFactors factors,
    Admission admission) {

  /// Begins an exchange whose head has arrived; its answers go to `writer`.
  public Exchange begin(RequestHead head, ReplyWriter writer) {
    Exchange exchange = new Exchange(this, head, writer);
    exchange.begin();
    return exchange;
  }

  /// Answers a request whose head could not be read.
  public Exchange refuse(RequestHead head, ReplyWriter writer, Failure failure) {
    Exchange exchange = new Exchange(this, head, writer);
    exchange.refuse(failure);
    return exchange;
  }
}
