package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.api.TokenFactors;
import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.proxy.admission.Admission;
import io.llmproxy.proxy.admission.Allowances;
import io.llmproxy.proxy.admission.Client;
import io.llmproxy.proxy.admission.Demand;
import io.llmproxy.proxy.auth.Principal;
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
    Admission admission,
    Identification identification) {

  /// What is asked, with what is to be set aside for it.
  Request request(ExchangeRecord record, Operation operation, RequestHead head, RequestBody body) {
    Client client = client(record.principal());
    Demand demand = Demand.of(operation, body, admission.isBounded(client));
    return new Request(
        operation, head, body, admission.reservation(client, record.id.toString(), demand));
  }

  private Client client(Principal principal) {
    Allowances allowances = admission.allowances();
    return switch (principal.kind()) {
      case KEY -> allowances.key(principal.name(), principal.rates(), principal.budget());
      case TOKEN -> allowances.token(principal.name(), principal.rates(), principal.budget());
      case ADDRESS -> allowances.address(principal.name());
    };
  }

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
