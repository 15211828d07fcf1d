package io.llmproxy.client;

import io.llmproxy.client.LlmException.Details;
import io.llmproxy.client.Reception.Fault;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One sending of a call to one endpoint, and its reply. Used on the event loop.
final class Try implements ReplyListener {

  private static final int MOST_ERROR_BYTES = 64 << 10;
  private static final String USER_AGENT = "llmproxy-client-java";

  private final Call call;
  private final Pool pool;
  private final int granted;
  private final ByteBuf body;
  private final Sending sending;
  private final ByteArrayOutputStream error = new ByteArrayOutputStream();
  private Map<String, String> fields = Map.of();
  private int status;
  private HttpVersion version = HttpVersion.AUTO;
  private boolean over;

  Try(Call call, Pool pool, int granted, int replies) {
    this.call = call;
    this.pool = pool;
    this.granted = granted;
    Ask ask = call.ask();
    Endpoint endpoint = pool.endpoint();
    String model =
        endpoint.model().isEmpty() ? ask.models().get(call.modelIndex()) : endpoint.model();
    this.body = ask.body().of(model);
    this.sending =
        new Sending(ask.method(), endpoint.path(ask.operation()), fields(replies), body, this);
  }

  void send() {
    pool.send(sending);
  }

  private List<String> fields(int replies) {
    Ask ask = call.ask();
    List<String> all = new ArrayList<>(24);
    if (body.isReadable()) {
      add(all, "content-type", "application/json");
    }
    add(all, "accept", ask.streamed() ? "text/event-stream" : "application/json");
    add(all, "user-agent", USER_AGENT);
    String key = pool.endpoint().key();
    if (!key.isEmpty()) {
      add(all, "authorization", "Bearer " + key);
    }
    if (ask.operation().startsWith("/messages")) {
      add(all, "anthropic-version", "2023-06-01");
      if (!key.isEmpty()) {
        add(all, "x-api-key", key);
      }
    }
    // The exchange is named anew, so that logs tell the tries apart; what is asked has the same
    // key, so that who keeps answers by it gives the same one, and not a second.
    add(all, Headers.REQUEST_ID, call.id() + "." + call.tries());
    add(all, Headers.IDEMPOTENCY_KEY, call.id() + "-" + call.modelIndex());
    add(all, Headers.MAX_ATTEMPTS, Integer.toString(granted));
    add(all, Headers.TIMEOUT_MS, Long.toString(call.leftMillis()));
    int before = Math.max(call.budget().spent(), replies);
    if (before > 0) {
      add(all, Headers.ATTEMPT, Integer.toString(before + 1));
    }
    return all;
  }

  private static void add(List<String> fields, String name, String value) {
    fields.add(name);
    fields.add(value);
  }

  void steer(boolean pauses) {
    Link link = sending.link;
    if (link == null) {
      sending.paused = pauses;
    } else if (pauses) {
      link.pause(sending);
    } else {
      link.resume(sending);
    }
  }

  /// Nothing more is wanted.
  void cancel() {
    if (!over) {
      over = true;
      pool.cancel(sending);
      body.release();
    }
  }

  @Override
  public void onHead(int status, Map<String, String> fields) {
    this.status = status;
    this.fields = fields;
    Link link = sending.link;
    version = link == null ? HttpVersion.AUTO : link.version();
    pool.replied(fields.containsKey(Headers.OVERHEAD));
    call.replied();
    if (call.isPaused()) {
      steer(true);
    }
    if (isSuccess()) {
      call.reception().begin();
    }
  }

  private boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  @Override
  public void onPart(ByteBuf part) {
    if (over) {
      part.release();
    } else if (isSuccess()) {
      Fault fault = call.reception().part(part);
      if (!fault.isNone() && !over) {
        broke(fault);
      }
    } else {
      byte[] bytes = new byte[Math.min(part.readableBytes(), MOST_ERROR_BYTES - error.size())];
      part.readBytes(bytes);
      part.release();
      error.writeBytes(bytes);
    }
  }

  @Override
  public void onEnd(Map<String, String> trailers) {
    if (over) {
      return;
    }
    if (!isSuccess()) {
      call.budget().told(made());
      Setback setback = Setbacks.refused(status, fields, error.toByteArray(), details());
      failed(setback);
      return;
    }
    Map<String, String> all = new HashMap<>(fields);
    all.putAll(trailers);
    finish(all);
  }

  private void finish(Map<String, String> all) {
    Fault fault = call.reception().end(info(all));
    if (fault.isNone()) {
      call.budget().told(made());
      close();
      call.succeeded();
    } else if (!over) {
      broke(fault);
    }
  }

  private void broke(Fault fault) {
    silent();
    Setback setback = Setbacks.broken(fault, status, details());
    pool.cancel(sending);
    failed(setback);
  }

  @Override
  public void onLost(Lost lost) {
    if (over) {
      return;
    }
    if (isSuccess() && call.reception().isWholeWhenLost()) {
      finish(fields);
      return;
    }
    if (lost.unseen()) {
      call.budget().unseen();
    } else {
      silent();
    }
    failed(Setbacks.lost(lost, details()));
  }

  private void failed(Setback setback) {
    close();
    call.failed(pool, setback);
  }

  private void close() {
    over = true;
    body.release();
  }

  /// How many attempts at providers the reply says that it took.
  private int made() {
    boolean byProxy = fields.containsKey(Headers.OVERHEAD);
    return Headers.count(fields.get(Headers.ATTEMPTS), byProxy ? 0 : 1);
  }

  /// The try ended without telling how many attempts it took in the end.
  private void silent() {
    if (pool.isDirect()) {
      call.budget().told(1);
    } else {
      call.budget().untold();
    }
  }

  private ReplyInfo info(Map<String, String> all) {
    return new ReplyInfo(status, call.tries(), version, all);
  }

  private Details details() {
    String id = info(fields).requestId();
    String name = id.isEmpty() ? call.id() + "." + call.tries() : id;
    return new Details(status, "", name, call.budget().spent());
  }
}
