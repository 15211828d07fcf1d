package io.llmproxy.proxy.config;

import io.llmproxy.provider.api.ProviderApi;
import io.llmproxy.proxy.config.ProviderSettings.ApiKey;
import io.llmproxy.proxy.config.ProviderSettings.Auth;
import io.llmproxy.proxy.config.ProviderSettings.Http2;
import io.llmproxy.proxy.config.ProviderSettings.OnDisconnect;
import io.llmproxy.proxy.config.Settings.Timeouts;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `providers`.
final class ProvidersReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final int MAX_CONNECTIONS = 1000;
  private static final Syntax<Integer> CONNECTIONS = Scalars.count(1, 1_000_000);
  private static final Syntax<Http2> HTTP2 =
      Syntax.oneOf(Http2.AUTO, Http2.PRIOR_KNOWLEDGE, Http2.NEVER);
  private static final Syntax<String> TYPE = Syntax.word("openai", "anthropic");

  private static final String[] KEYS = {
    "type",
    "api_key",
    "api_keys",
    "api_key_file",
    "base_url",
    "auth",
    "http2",
    "ca_file",
    "models",
    "max_connections",
    "rate_limits",
    "cost_budget",
    "timeouts",
    "on_disconnect"
  };

  private static final Syntax<OnDisconnect> ON_DISCONNECT =
      Syntax.oneOf(OnDisconnect.CANCEL, OnDisconnect.DRAIN);

  private final Timeouts timeouts;
  private final List<ProviderSettings> usable = new ArrayList<>();
  private final Set<String> leftOut = new LinkedHashSet<>();

  private ProvidersReader(Timeouts timeouts) {
    this.timeouts = timeouts;
  }

  /// @param timeouts of providers that have none of their own
  static Providers read(YamlSection root, Timeouts timeouts) {
    YamlValue value = root.get("providers");
    Map<String, YamlValue> entries = value == null ? Map.of() : value.entries();
    ProvidersReader reader = new ProvidersReader(timeouts);
    entries.forEach(reader::provider);
    if (reader.usable.isEmpty() && !root.owner().reading().findings().hasProblems()) {
      root.owner().warn("providers: none can be used, so no request can be answered");
    }
    return new Providers(
        List.copyOf(reader.usable), Set.copyOf(reader.leftOut), Set.copyOf(entries.keySet()));
  }

  private void provider(String name, YamlValue value) {
    if (!NAME.matcher(name).matches()) {
      value
          .reading()
          .findings()
          .problem(
              value.keyPlace(),
              "providers: "
                  + Shown.quoted(name)
                  + " (expected: letters, digits, \".\", \"_\", \"-\")");
      return;
    }
    YamlSection section = value.section(KEYS);
    ProviderCredentials credentials = CredentialReader.read(section, KnownProvider.has(name));
    ProviderSettings settings = settings(name, section, keys(credentials));
    switch (credentials) {
      case ProviderCredentials.Usable _ -> {
        if (settings != null) {
          warnOfClearText(value, settings);
          usable.add(settings);
        }
      }
      case ProviderCredentials.LeftOut(String reason) -> {
        leftOut.add(name);
        value.warn("left out: " + reason);
      }
      case ProviderCredentials.Wrong _ -> {}
    }
  }

  private static List<ApiKey> keys(ProviderCredentials credentials) {
    return credentials instanceof ProviderCredentials.Usable(List<ApiKey> keys) ? keys : List.of();
  }

  /// Read whole even for a provider that is left out, so that its problems are found.
  private @Nullable ProviderSettings settings(String name, YamlSection section, List<ApiKey> keys) {
    ProviderApi kind = kind(name, section);
    URI baseUrl = baseUrl(kind, section);
    Auth auth = GlmAuthReader.read(section, kind, keys);
    Http2 http2 = section.read("http2", HTTP2, Http2.AUTO);
    YamlValue caFile = section.get("ca_file");
    Path ca = caFile == null ? null : caFile.readableFile();
    List<ProviderSettings.ModelSettings> models = ModelsReader.read(section, kind);
    int connections = section.read("max_connections", CONNECTIONS, MAX_CONNECTIONS);
    Timeouts own = TimeoutsReader.read(section).apply(timeouts);
    OnDisconnect onDisconnect = section.read("on_disconnect", ON_DISCONNECT, OnDisconnect.CANCEL);
    RateSettings rates = AllowanceReader.rates(section);
    BudgetSettings budget = AllowanceReader.budget(section);
    if (kind == null || baseUrl == null) {
      return null;
    }
    String trusted = ca == null ? null : ca.toString();
    return new ProviderSettings(
        name,
        kind,
        keys,
        baseUrl,
        auth,
        http2,
        trusted,
        models,
        connections,
        own,
        onDisconnect,
        rates,
        budget);
  }

  /// Whose API; null after a problem.
  private static @Nullable ProviderApi kind(String name, YamlSection section) {
    KnownProvider known = KnownProvider.of(name);
    YamlValue given = section.get("type");
    if (known == null && given == null) {
      section
          .owner()
          .keyProblem(
              "needs type (openai or anthropic), as it is none of "
                  + String.join(", ", KnownProvider.names())
                  + Suggestion.of(name, KnownProvider.names()));
      return null;
    }
    String type = section.read("type", TYPE);
    if (known == null) {
      return type == null
          ? null
          : type.equals("openai")
              ? ProviderApi.OPENAI_COMPATIBLE
              : ProviderApi.ANTHROPIC_COMPATIBLE;
    }
    if (given != null && type != null && !type.equals(known.dialect())) {
      given.problem("the provider " + name + " speaks " + known.dialect() + " (leave type out)");
    }
    return known.kind();
  }

  private static @Nullable URI baseUrl(@Nullable ProviderApi kind, YamlSection section) {
    YamlValue value = section.get("base_url");
    if (value != null) {
      return BaseUrl.read(
          value, kind == ProviderApi.ANTHROPIC || kind == ProviderApi.ANTHROPIC_COMPATIBLE);
    }
    URI known = kind == null ? null : KnownProvider.defaultBaseUrl(kind);
    if (known == null) {
      section.owner().keyProblem("needs base_url");
    }
    return known;
  }

  private static void warnOfClearText(YamlValue value, ProviderSettings settings) {
    URI url = settings.baseUrl();
    boolean readable = url.getScheme().equals("http") && !AddressSyntax.isLoopback(hostOf(url));
    if (readable && !settings.apiKeys().isEmpty()) {
      value.warn("base_url is http: the key and all text travel unencrypted");
    }
  }

  private static String hostOf(URI url) {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
