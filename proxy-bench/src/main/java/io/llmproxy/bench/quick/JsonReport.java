package io.llmproxy.bench.quick;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.llmproxy.bench.load.LoadWindow;
import io.llmproxy.bench.load.Quantiles;
import io.llmproxy.bench.quick.Cell.Measured;
import io.llmproxy.bench.quick.Cell.Voided;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A quick comparison for programs: every cell as it was read.
final class JsonReport {
  private final JsonGenerator json;

  private JsonReport(JsonGenerator json) {
    this.json = json;
  }

  static void write(QuickResult result, Path file) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      new JsonReport(json).result(result);
    }
  }

  private void result(QuickResult result) throws IOException {
    json.writeStartObject();
    machine(result.machine());
    options(result.options());
    arms("versions", result.versions());
    arms("not_run", result.notRun());
    strings("remarks", result.remarks());
    json.writeArrayFieldStart("direct");
    for (QuickResult.Direct direct : result.direct()) {
      json.writeStartObject();
      json.writeStringField("arm", direct.name());
      json.writeStringField("load", direct.load().id());
      json.writeNumberField("units_per_second", direct.unitsPerSecond());
      json.writeNumberField("rest_cpu_us_per_unit", direct.restMicrosPerUnit());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("cells");
    for (Cell cell : result.cells()) {
      cell(cell);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void machine(Machine machine) throws IOException {
    json.writeObjectFieldStart("machine");
    json.writeStringField("cpu", machine.cpu());
    json.writeNumberField("cores", machine.cores());
    json.writeStringField("kernel", machine.kernel());
    json.writeStringField("jvm", machine.jvm());
    json.writeStringField("revision", machine.revision());
    json.writeEndObject();
  }

  private void options(QuickOptions options) throws IOException {
    json.writeObjectFieldStart("options");
    json.writeNumberField("rounds", options.rounds());
    json.writeNumberField("window_ms", options.window().toMillis());
    json.writeNumberField("streams", options.streams());
    json.writeNumberField("events_per_second", options.rate());
    json.writeNumberField("events_per_stream", QuickOptions.EVENTS);
    json.writeBooleanField("request_log", options.log());
    strings("proxy_flags", options.flags());
    json.writeEndObject();
  }

  private void strings(String name, List<String> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private void arms(String name, Map<Arm, String> texts) throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<Arm, String> text : texts.entrySet()) {
      json.writeStringField(text.getKey().id(), text.getValue());
    }
    json.writeEndObject();
  }

  private void cell(Cell cell) throws IOException {
    json.writeStartObject();
    json.writeNumberField("round", cell.round());
    json.writeStringField("arm", cell.arm().id());
    json.writeStringField("load", cell.load().id());
    switch (cell) {
      case Measured measured -> measured(measured);
      case Voided voided -> json.writeStringField("void", voided.reason());
    }
    json.writeEndObject();
  }

  private void measured(Measured cell) throws IOException {
    LoadWindow window = cell.window();
    json.writeNumberField("window_ns", window.nanos());
    json.writeNumberField("requests", window.completed());
    json.writeNumberField("events", window.events());
    json.writeNumberField("proxy_cpu_ns", cell.cpuNanos());
    json.writeNumberField("rest_cpu_ns", cell.restNanos());
    json.writeNumberField("cpu_us_per_" + cell.load().unit(), cell.cpuMicrosPerUnit());
    json.writeNumberField("others_share", cell.noise().othersShare());
    json.writeNumberField("stolen_share", cell.noise().stolenShare());
    json.writeNumberField("wait_share", cell.noise().waitShare());
    quantiles("latency_ns", window.latency());
    quantiles("first_event_ns", window.firstEvent());
    quantiles("event_delay_ns", window.eventDelay());
    quantiles("gap_ns", window.gap());
  }

  private void quantiles(String name, Quantiles quantiles) throws IOException {
    if (quantiles.count() == 0) {
      return;
    }
    json.writeObjectFieldStart(name);
    json.writeNumberField("count", quantiles.count());
    json.writeNumberField("p50", quantiles.p50());
    json.writeNumberField("p90", quantiles.p90());
    json.writeNumberField("p99", quantiles.p99());
    json.writeNumberField("p999", quantiles.p999());
    json.writeNumberField("max", quantiles.max());
    json.writeEndObject();
  }
}
