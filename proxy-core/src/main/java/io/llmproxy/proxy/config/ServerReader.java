package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.Settings.Limits;
import io.llmproxy.proxy.config.Settings.LoggingSettings;
import io.llmproxy.proxy.config.Settings.LoggingSettings.Format;
import io.llmproxy.proxy.config.Settings.LoggingSettings.Requests;
import io.llmproxy.proxy.config.Settings.SocketSettings;
import io.llmproxy.proxy.config.Settings.TlsSettings;
import io.llmproxy.proxy.config.Settings.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads how the server itself runs: sockets, TLS, the log, its limits and its end.
final class ServerReader {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final Limits DEFAULT_LIMITS = new Limits(32 * MIB, 64 * KIB, 10_000, 1_000);
  private static final Duration DEFAULT_DRAIN = Duration.ofSeconds(30);
  private static final Syntax<String> LEVEL =
      Syntax.word("off", "error", "warn", "info", "debug", "trace");
  private static final Syntax<String> TLS_VERSION = Syntax.word("TLSv1.2", "TLSv1.3");

  private ServerReader() {}

  static SocketSettings sockets(YamlSection root) {
    Syntax<Transport> transport = Syntax.oneOf(Transport.EPOLL, Transport.IO_URING, Transport.NIO);
    return new SocketSettings(
        root.read("transport", transport, Transport.EPOLL),
        root.read("event_loops", Scalars.count(0, 1024), 0));
  }

  /// TLS of the data port; null where the file has none.
  static @Nullable TlsSettings tls(YamlSection root) {
    YamlSection section = root.section("tls", "cert", "key", "client_ca", "min_version");
    if (section == null) {
      return null;
    }
    String cert = file(section, "cert");
    String key = file(section, "key");
    String clientCa = section.get("client_ca") == null ? null : file(section, "client_ca");
    String minVersion = section.read("min_version", TLS_VERSION, "TLSv1.2");
    return cert == null || key == null ? null : new TlsSettings(cert, key, clientCa, minVersion);
  }

  private static @Nullable String file(YamlSection section, String key) {
    YamlValue value = section.get(key);
    if (value == null) {
      section.owner().keyProblem("needs " + key + " (a file in PEM)");
      return null;
    }
    Path file = value.readableFile();
    return file == null ? null : file.toString();
  }

  static LoggingSettings logging(YamlSection root) {
    String level = root.read("log_level", LEVEL, "info").toUpperCase(Locale.ROOT);
    YamlSection section = root.section("logging", "format", "requests", "redact", "file", "rotate");
    if (section == null) {
      return new LoggingSettings(level, Format.JSON, Requests.METADATA, null);
    }
    Format format = section.read("format", Syntax.oneOf(Format.JSON, Format.TEXT), Format.JSON);
    Requests requests =
        section.read(
            "requests",
            Syntax.oneOf(Requests.NONE, Requests.METADATA, Requests.FULL),
            Requests.METADATA);
    UnenforcedReader.logging(section, requests == Requests.FULL);
    YamlValue value = section.get("file");
    Path file = value == null ? null : value.path(value.text());
    return new LoggingSettings(level, format, requests, file == null ? null : file.toString());
  }

  static Limits limits(YamlSection root) {
    YamlSection section =
        root.section(
            "limits", "max_body", "max_header", "max_connections", "max_streams_per_connection");
    if (section == null) {
      return DEFAULT_LIMITS;
    }
    return new Limits(
        section.read("max_body", Scalars.size(KIB, 1024 * MIB), DEFAULT_LIMITS.maxBody()),
        section.read("max_header", Scalars.size(KIB, MIB), DEFAULT_LIMITS.maxHeader()),
        section.read(
            "max_connections", Scalars.count(1, 1_000_000), DEFAULT_LIMITS.maxConnections()),
        section.read(
            "max_streams_per_connection",
            Scalars.count(1, 100_000),
            DEFAULT_LIMITS.maxStreamsPerConnection()));
  }

  static Duration drain(YamlSection root) {
    YamlSection section = root.section("shutdown", "drain");
    return section == null
        ? DEFAULT_DRAIN
        : section.read("drain", Scalars.DURATION_OR_ZERO, DEFAULT_DRAIN);
  }
}
