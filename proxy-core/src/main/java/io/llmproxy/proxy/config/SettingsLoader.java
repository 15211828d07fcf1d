package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.LoadResult.Loaded;
import io.llmproxy.proxy.config.LoadResult.Refused;
import io.llmproxy.proxy.config.ProviderSettings.ModelSettings;
import io.llmproxy.proxy.config.Settings.Address;
import io.llmproxy.proxy.config.Settings.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads a configuration file into [Settings], or into all that is wrong with it. Blocks on the
/// file system; not for event loops.
public final class SettingsLoader {
  private static final String[] KEYS = {
    "listen_addr",
    "allow_anonymous",
    "log_level",
    "transport",
    "event_loops",
    "providers",
    "routes",
    "prices",
    "keys",
    "jwt",
    "trusted_proxies",
    "rate_limits",
    "cost_budget",
    "retry",
    "timeouts",
    "heartbeat",
    "logging",
    "ledger",
    "cluster",
    "tls",
    "admin",
    "limits",
    "shutdown"
  };

  private SettingsLoader() {}

  /// Reads the file.
  ///
  /// @param environment what `${NAME}` stands for
  public static LoadResult load(Path file, Map<String, String> environment) {
    return load(file, environment, null);
  }

  /// Reads the file with another address to listen on.
  ///
  /// @param listen stands in for the file's `listen_addr`, under the same rules
  public static LoadResult load(
      Path file, Map<String, String> environment, @Nullable Address listen) {
    Findings findings = new Findings(file.toString());
    Node node = YamlFile.read(file, findings);
    Path directory = file.toAbsolutePath().getParent();
    if (node == null || directory == null) {
      return refused(findings);
    }
    YamlValue document = YamlValue.root(node, new Reading(findings, environment, directory));
    YamlValue root = document.section("llmproxy").get("llmproxy");
    if (root == null) {
      document.problem("the root key llmproxy is missing: everything stands under it");
      return refused(findings);
    }
    Settings settings = settings(root.inner().section(KEYS), findings, listen);
    return findings.hasProblems() ? refused(findings) : new Loaded(settings);
  }

  private static LoadResult refused(Findings findings) {
    if (!findings.hasProblems()) {
      findings.problem(Place.START, "empty (expected: the root key llmproxy)");
    }
    return new Refused(findings.problems());
  }

  private static Settings settings(
      YamlSection root, Findings findings, @Nullable Address askedListen) {
    Address listen = ListenReader.listen(root, askedListen);
    Settings.AdminSettings admin = ListenReader.admin(root, listen);
    Timeouts timeouts = TimeoutsReader.read(root).apply(TimeoutsReader.DEFAULTS);
    RetrySettings retry = RetryReader.read(root, RetryReader.DEFAULTS);
    Providers providers = ProvidersReader.read(root, timeouts);
    warnOfSharedNames(providers.usable(), findings);
    List<RouteSettings> routes = RoutesReader.read(root, providers, retry);
    Settings.SocketSettings sockets = ServerReader.sockets(root);
    Settings.TlsSettings tls = ServerReader.tls(root);
    Settings.LoggingSettings logging = ServerReader.logging(root);
    return new Settings(
        listen,
        admin,
        sockets,
        tls,
        logging,
        providers.usable(),
        routes,
        AccessReader.read(root),
        AllowanceReader.limits(root),
        AllowanceReader.spending(root),
        LedgerReader.read(root),
        ClusterReader.read(root, listen),
        retry,
        PricesReader.read(root),
        timeouts,
        ServerReader.limits(root),
        root.read("heartbeat", Scalars.DURATION_OR_ZERO, Duration.ZERO),
        ServerReader.drain(root),
        findings.warnings());
  }

  /// One file may list the same model for people who hold different keys; who holds both should
  /// know which answers.
  private static void warnOfSharedNames(List<ProviderSettings> providers, Findings findings) {
    Map<String, String> firstByName = new HashMap<>();
    for (ProviderSettings provider : providers) {
      for (ModelSettings model : provider.models()) {
        shared(firstByName, model.name(), provider, findings);
        model.aliases().forEach(alias -> shared(firstByName, alias, provider, findings));
      }
    }
  }

  private static void shared(
      Map<String, String> firstByName, String name, ProviderSettings provider, Findings findings) {
    String first = firstByName.putIfAbsent(name, provider.name());
    if (first != null && !first.equals(provider.name())) {
      findings.warn(
          "providers: "
              + Shown.quoted(name)
              + " is offered by "
              + first
              + " and "
              + provider.name()
              + "; "
              + first
              + " answers");
    }
  }
}
