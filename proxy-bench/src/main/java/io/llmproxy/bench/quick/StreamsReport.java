package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.LoadWindow;
import io.llmproxy.bench.load.Quantiles;
import io.llmproxy.bench.quick.LinuxProcess.Memory;
import java.util.Formatter;
import java.util.Locale;

/// A run of many streams for people.
final class StreamsReport {

  private StreamsReport() {}

  static String of(StreamsResult result) {
    StreamsOptions options = result.options();
    LoadWindow window = result.window();
    double seconds = window.nanos() / 1e9;
    Formatter out = new Formatter(Locale.ROOT);
    out.format(
        "llmproxy bench streams: %d streams of %d/s for %d s, %d %s connections; %s%n",
        options.streams(),
        options.rate(),
        options.length().toSeconds(),
        options.connections(),
        options.protocol(),
        result.version());
    out.format(
        "streams  %d completed, %d failed, %d unfinished%n",
        result.totals().completed(), result.totals().failed(), result.totals().inFlight());
    out.format("events   %d, %.0f/s%n", window.events(), window.events() / seconds);
    out.format(
        "CPU      %.2f µs/event, %.0f %% of a core%n",
        result.cpu().proxy() / 1e3 / Math.max(1, window.events()),
        100 * result.cpu().proxy() / (double) window.nanos());
    out.format(
        "waited   for a core, all threads: proxy %.1f s, load and provider %.1f s%n",
        result.cpu().proxyWait() / 1e9, result.cpu().restWait() / 1e9);
    quantiles(out, "gap", window.gap());
    quantiles(out, "first", window.firstEvent());
    quantiles(out, "delay", window.eventDelay());
    memory(out, "before", result.before());
    memory(out, "during", result.during());
    memory(out, "after", result.after());
    long added = result.during().residentKib() - result.before().residentKib();
    out.format("memory   %.1f KiB more per stream%n", (double) added / options.streams());
    result.flaws().forEach(flaw -> out.format("FAILED   %s%n", flaw));
    return out.toString();
  }

  private static void quantiles(Formatter out, String name, Quantiles nanos) {
    out.format(
        "%-8s p50 %.2f ms, p90 %.2f, p99 %.2f, p99.9 %.2f, max %.2f%n",
        name,
        nanos.p50() / 1e6,
        nanos.p90() / 1e6,
        nanos.p99() / 1e6,
        nanos.p999() / 1e6,
        nanos.max() / 1e6);
  }

  private static void memory(Formatter out, String when, Memory memory) {
    out.format(
        "%-8s VmRSS %.1f MiB, RssAnon %.1f MiB%n",
        when, memory.residentKib() / 1024.0, memory.anonymousKib() / 1024.0);
  }
}
