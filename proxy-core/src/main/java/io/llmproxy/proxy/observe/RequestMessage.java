package io.llmproxy.proxy.observe;

import org.apache.logging.log4j.message.AsynchronouslyFormattable;
import org.apache.logging.log4j.message.Message;
import org.jspecify.annotations.Nullable;

/// An exchange's report on its way to the log's thread, which alone turns it into text.
@AsynchronouslyFormattable
final class RequestMessage implements Message {

  private static final long serialVersionUID = 1L;

  private final transient ExchangeReport report;

  RequestMessage(ExchangeReport report) {
    this.report = report;
  }

  ExchangeReport report() {
    return report;
  }

  @Override
  public String getFormattedMessage() {
    return RequestLine.text(report);
  }

  @Override
  public Object @Nullable [] getParameters() {
    return null;
  }

  @Override
  public @Nullable Throwable getThrowable() {
    return null;
  }
}
