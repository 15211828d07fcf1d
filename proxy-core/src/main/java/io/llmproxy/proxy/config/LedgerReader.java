package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.LedgerSettings.Durability;
import io.llmproxy.proxy.config.LedgerSettings.OnCrash;
import io.llmproxy.proxy.config.LedgerSettings.SharedLedger;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `ledger`.
final class LedgerReader {
  private static final String JDBC = "jdbc:";
  private static final Pattern URL_FORM =
      Pattern.compile("(jdbc:)?postgresql://[^@\\s\\p{Cntrl}]+");
  private static final Pattern NODE_FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  /// A password in it would be shown by the driver's own messages.
  private static final Syntax<String> URL =
      new Syntax<>(
          "postgresql://HOST:PORT/DATABASE, without user and password, which have keys of their own",
          LedgerReader::url);

  private static final Syntax<String> NODE =
      new Syntax<>(
          "letters, digits, dot, dash and underscore, at most 63",
          text -> NODE_FORM.matcher(text).matches() ? text : null);

  private LedgerReader() {}

  /// The ledger; null where the file has none.
  static @Nullable LedgerSettings read(YamlSection root) {
    YamlSection section =
        root.section(
            "ledger",
            "dir",
            "durability",
            "on_crash",
            "max_queued",
            "url",
            "user",
            "password",
            "password_file",
            "node");
    if (section == null) {
      return null;
    }
    YamlValue value = section.get("dir");
    if (value == null) {
      section.owner().keyProblem("needs dir (the directory that holds the ledger)");
    }
    Durability durability =
        section.read(
            "durability", Syntax.oneOf(Durability.STRICT, Durability.BATCHED), Durability.STRICT);
    OnCrash onCrash =
        section.read(
            "on_crash",
            Syntax.oneOf(OnCrash.ESTIMATE, OnCrash.FULL, OnCrash.VOID),
            OnCrash.ESTIMATE);
    int room =
        section.read("max_queued", Scalars.count(1_000, 10_000_000), LedgerSettings.DEFAULT_ROOM);
    SharedLedger shared = shared(section);
    Path dir = value == null ? null : value.path(value.text());
    return dir == null ? null : new LedgerSettings(dir, durability, onCrash, room, shared);
  }

  private static @Nullable SharedLedger shared(YamlSection section) {
    String user = section.read("user", Scalars.TEXT);
    String node = section.read("node", NODE);
    Secret password = PasswordReader.read(section);
    YamlValue value = section.get("url");
    if (value == null) {
      refuseWithoutUrl(section);
      return null;
    }
    String url = value.read(URL);
    return url == null ? null : new SharedLedger(url, user, password, node);
  }

  private static void refuseWithoutUrl(YamlSection section) {
    for (String key : new String[] {"user", "password", "password_file", "node"}) {
      YamlValue value = section.get(key);
      if (value != null) {
        value.keyProblem("has no meaning without url");
      }
    }
  }

  private static @Nullable String url(String text) {
    boolean sane =
        URL_FORM.matcher(text).matches() && !text.toLowerCase(Locale.ROOT).contains("password=");
    if (!sane) {
      return null;
    }
    return text.startsWith(JDBC) ? text : JDBC + text;
  }
}
