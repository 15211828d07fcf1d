package io.llmproxy.proxy.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.llmproxy.provider.wire.Dialect;
import io.llmproxy.proxy.auth.Principal;
import io.llmproxy.proxy.http.HeaderName;
import io.llmproxy.proxy.http.RequestHead;
import io.llmproxy.proxy.route.Route;
import io.llmproxy.proxy.route.Routes;
import io.netty.util.AsciiString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers that need no provider. Immutable; used by any event loop.
public final class LocalAnswers {

  private static final JsonFactory JSON = new JsonFactory();

  /// Writes one JSON value.
  @FunctionalInterface
  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  private final Instant started = Instant.now();
  private final Routes routes;
  private final BooleanSupplier draining;
  private final Supplier<byte[]> metricsText;
  private final Supplier<byte[]> metricsJson;

  public LocalAnswers(
      Routes routes,
      BooleanSupplier draining,
      Supplier<byte[]> metricsText,
      Supplier<byte[]> metricsJson) {
    this.routes = routes;
    this.draining = draining;
    this.metricsText = metricsText;
    this.metricsJson = metricsJson;
  }

  public boolean isDraining() {
    return draining.getAsBoolean();
  }

  byte[] health() {
    return json(json -> {
      json.writeStartObject();
      json.writeStringField("status", isDraining() ? "draining" : "ok");
      json.writeEndObject();
    });
  }

  /// Whether the metrics are asked for as JSON.
  static boolean asksForJson(RequestHead head) {
    AsciiString accept = head.get(HeaderName.ACCEPT);
    return accept != null && accept.contains("application/json");
  }

  /// The text form for scrapers, or JSON. Takes milliseconds, so that it is made elsewhere and
  /// given to `then` on `executor`.
  void metrics(boolean asJson, Executor executor, Consumer<byte[]> then) {
    Thread.startVirtualThread(() -> {
      byte[] body = (asJson ? metricsJson : metricsText).get();
      executor.execute(() -> then.accept(body));
    });
  }

  /// The model `id`, or all where it is empty, in the shape the dialect's clients expect; null
  /// where nothing answers to it that the principal may use.
  byte @Nullable [] models(Dialect dialect, String id, Principal principal) {
    if (id.isEmpty()) {
      return models(
          dialect,
          routes.entries().stream().filter(entry -> principal.allows(entry.name())).toList());
    }
    return principal.allows(id) ? model(dialect, id) : null;
  }

  private byte[] models(Dialect dialect, List<Routes.Entry> entries) {
    return json(json -> {
      json.writeStartObject();
      if (dialect == Dialect.ANTHROPIC_MESSAGES) {
        json.writeBooleanField("has_more", false);
        json.writeStringField("first_id", entries.isEmpty() ? null : entries.getFirst().name());
        json.writeStringField("last_id", entries.isEmpty() ? null : entries.getLast().name());
      } else {
        json.writeStringField("object", "list");
      }
      json.writeArrayFieldStart("data");
      for (Routes.Entry entry : entries) {
        write(json, dialect, entry.name(), entry.route().first().provider());
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private byte @Nullable [] model(Dialect dialect, String name) {
    Route route = routes.find(name);
    return route == null
        ? null
        : json(json -> write(json, dialect, name, route.first().provider()));
  }

  private void write(JsonGenerator json, Dialect dialect, String name, String provider)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("id", name);
    if (dialect == Dialect.ANTHROPIC_MESSAGES) {
      json.writeStringField("type", "model");
      json.writeStringField("display_name", name);
      json.writeStringField(
          "created_at", Instant.ofEpochSecond(started.getEpochSecond()).toString());
    } else {
      json.writeStringField("object", "model");
      json.writeNumberField("created", started.getEpochSecond());
      json.writeStringField("owned_by", provider);
    }
    json.writeEndObject();
  }

  private static byte[] json(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      writing.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
