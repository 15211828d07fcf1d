package io.llmproxy.provider.api;

import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.request.RequestFault;
import io.llmproxy.provider.request.SplicedBody;
import io.llmproxy.provider.request.UpstreamBody;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.PartSink;
import io.netty.buffer.ByteBuf;

/// A Messages request without thinking that its model did not sign.
final class UnmarkedBody implements UpstreamBody {

  private final RequestBody whole;
  private final SplicedBody spliced;

  private UnmarkedBody(RequestBody whole, SplicedBody spliced) {
    this.whole = whole;
    this.spliced = spliced;
  }

  /// Takes `stripped`, a body that was accepted before it was stripped.
  static UnmarkedBody of(Operation operation, ByteBuf stripped, String model) {
    RequestBody body = RequestBody.of(operation);
    body.add(stripped);
    RequestFault fault = body.finish();
    if (fault != null) {
      body.release();
      throw new IllegalStateException("a body that was accepted before: " + fault.message());
    }
    return new UnmarkedBody(body, body.splice(model, false));
  }

  @Override
  public long length() {
    return spliced.length();
  }

  @Override
  public void emit(PartSink sink) {
    spliced.emit(sink);
  }

  @Override
  public void release() {
    whole.release();
  }
}
