package io.llmproxy.proxy.observe;

import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/// The log of requests: one line of JSON for each ended exchange, rendered and written by the log's
/// own thread. A full log loses lines, see [Logging#dropped()]; it never makes an exchange wait.
/// Any thread.
public final class RequestLog implements Observer {

  /// The name of its logger.
  static final String LOGGER = "llmproxy.request";

  private final Logger logger = LogManager.getLogger(LOGGER);

  @Override
  public void onExchangeStart() {}

  @Override
  public void onExchangeEnd(ExchangeReport report) {
    logger.info(new RequestMessage(report));
  }
}
