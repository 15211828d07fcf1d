package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.Settings.Address;
import io.llmproxy.proxy.config.Settings.AdminSettings;
import org.jspecify.annotations.Nullable;

/// Reads where the proxy listens, and refuses to open it to more than this machine unasked.
final class ListenReader {
  private static final Address DEFAULT = new Address("", 8080);
  private static final Address ADMIN_DEFAULT = new Address("127.0.0.1", 8081);
  private static final String LOOPBACK = "127.0.0.1";
  private static final String EVERYWHERE = "0.0.0.0";

  private ListenReader() {}

  /// The data port. `asked` comes from the command line and stands in for the file's.
  static Address listen(YamlSection root, @Nullable Address asked) {
    boolean anonymous = root.read("allow_anonymous", Scalars.BOOLEAN, false);
    Address inFile = root.read("listen_addr", Scalars.ADDRESS, DEFAULT);
    Address wanted = asked == null ? inFile : asked;
    boolean anyHost = wanted.host().isEmpty();
    boolean guarded = AccessReader.isGuarded(root);
    Address bound =
        anyHost ? new Address(anonymous || guarded ? EVERYWHERE : LOOPBACK, wanted.port()) : wanted;
    if (guarded) {
      warnOfAnonymous(root, anonymous);
    } else {
      tellOfOpenness(root, asked == null, bound, anonymous, anyHost);
    }
    return bound;
  }

  private static void warnOfAnonymous(YamlSection root, boolean anonymous) {
    YamlValue value = root.get("allow_anonymous");
    if (value != null && anonymous) {
      value.warn("without effect: every caller must show one of the keys or tokens configured");
    }
  }

  private static void tellOfOpenness(
      YamlSection root, boolean fromFile, Address bound, boolean anonymous, boolean anyHost) {
    String shown = AddressSyntax.shown(bound);
    Findings findings = root.owner().reading().findings();
    String label = (fromFile ? "listen_addr" : "--listen") + ": no client keys: ";
    if (anonymous) {
      findings.warn(label + "whoever can reach " + shown + " may use the proxy");
    } else if (!AddressSyntax.isLoopback(bound.host())) {
      YamlValue inSource = fromFile ? root.get("listen_addr") : null;
      findings.problem(
          inSource == null ? root.owner().keyPlace() : inSource.place(),
          label
              + "whoever can reach "
              + shown
              + " could use the proxy (to let them: allow_anonymous: true)");
    } else if (anyHost) {
      findings.warn(
          label
              + "listening on "
              + shown
              + ", for this machine alone (to serve others: allow_anonymous: true)");
    } else {
      findings.warn(label + "anyone on this machine may use the proxy");
    }
  }

  static AdminSettings admin(YamlSection root, Address data) {
    YamlSection section = root.section("admin", "listen_addr", "token");
    YamlValue listen = section == null ? null : section.get("listen_addr");
    YamlValue tokenValue = section == null ? null : section.get("token");
    Address wanted = listen == null ? null : listen.read(Scalars.ADDRESS);
    Secret token = tokenValue == null ? null : tokenValue.secret();
    Address bound = wanted == null ? ADMIN_DEFAULT : wanted;
    if (bound.host().isEmpty()) {
      bound = new Address(token == null ? LOOPBACK : EVERYWHERE, bound.port());
    }
    if (listen != null && tokenValue == null && !AddressSyntax.isLoopback(bound.host())) {
      listen.problem("the admin port may leave loopback only with admin.token");
    }
    if (collides(bound, data)) {
      Place at = listen == null ? root.owner().keyPlace() : listen.place();
      root.owner()
          .reading()
          .findings()
          .problem(at, "admin.listen_addr: port " + bound.port() + " is that of listen_addr too");
    }
    return new AdminSettings(bound, token);
  }

  private static boolean collides(Address a, Address b) {
    boolean sameHost =
        a.host().equalsIgnoreCase(b.host())
            || AddressSyntax.isWildcard(a.host())
            || AddressSyntax.isWildcard(b.host());
    return a.port() != 0 && a.port() == b.port() && sameHost;
  }
}
