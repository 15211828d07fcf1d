package io.llmproxy.proxy.config;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads who may use the proxy: `keys`, `jwt` and `trusted_proxies`.
final class AccessReader {
  private static final Pattern NAME_FORM = Pattern.compile(KeyNames.FORM);
  private static final Pattern MODEL_FORM = Pattern.compile("[!-)+-~]*\\*?");
  private static final Syntax<String> NAME =
      new Syntax<>(KeyNames.EXPECTED, text -> NAME_FORM.matcher(text).matches() ? text : null);
  private static final Syntax<KeyHash> HASH =
      new Syntax<>("sha256: and 64 hexadecimal digits, as keys new prints them", KeyHash::read);
  private static final Syntax<String> MODEL =
      new Syntax<>(
          "a model's name, or how names begin, such as claude-*",
          text -> !text.isEmpty() && MODEL_FORM.matcher(text).matches() ? text : null);
  private static final Syntax<Instant> EXPIRY =
      new Syntax<>(
          "a day such as 2027-01-31, which is its first refused one in UTC, or an instant such as"
              + " 2027-01-31T12:00:00Z",
          AccessReader::expiry);
  private static final Syntax<Network> NETWORK =
      new Syntax<>(
          "a network such as 10.0.0.0/8 or 2001:db8::/32, with no bit set after its own",
          Network::read);

  private final List<KeySettings> keys = new ArrayList<>();
  private final Map<String, YamlValue> names = new HashMap<>();
  private final Map<KeyHash, YamlValue> hashes = new HashMap<>();

  private AccessReader() {}

  /// Whether the file means callers to show a key, be it well said or not.
  static boolean isGuarded(YamlSection root) {
    YamlValue keys = root.get("keys");
    boolean some = keys != null && !keys.isEmpty() && !(keys.isList() && keys.items().isEmpty());
    return some || root.get("jwt") != null;
  }

  static AccessSettings read(YamlSection root) {
    AccessReader reader = new AccessReader();
    root.items("keys").forEach(reader::key);
    List<Network> trusted = new ArrayList<>();
    for (YamlValue item : root.items("trusted_proxies")) {
      Network network = item.read(NETWORK);
      if (network != null) {
        trusted.add(network);
      }
    }
    return new AccessSettings(List.copyOf(reader.keys), JwtReader.read(root), List.copyOf(trusted));
  }

  private void key(YamlValue item) {
    YamlSection section =
        item.section("name", "hash", "models", "rate_limits", "cost_budget", "expires");
    String name = section.need("name", NAME);
    KeyHash hash = section.need("hash", HASH);
    List<String> models = new ArrayList<>();
    for (YamlValue model : section.items("models")) {
      String pattern = model.read(MODEL);
      if (pattern != null) {
        models.add(pattern);
      }
    }
    RateSettings rates = AllowanceReader.rates(section);
    BudgetSettings budget = AllowanceReader.budget(section);
    Instant expires = section.read("expires", EXPIRY);
    if (name != null
        && isFirst(names, name, section.get("name"), "name")
        && hash != null
        && isFirst(hashes, hash, section.get("hash"), "hash")) {
      keys.add(new KeySettings(name, hash, List.copyOf(models), rates, budget, expires));
    }
  }

  private static <T> boolean isFirst(
      Map<T, YamlValue> seen, T key, @Nullable YamlValue value, String what) {
    if (value == null) {
      return false;
    }
    YamlValue first = seen.putIfAbsent(key, value);
    if (first != null) {
      value.problem("the same " + what + " as that of line " + first.place().line());
    }
    return first == null;
  }

  private static @Nullable Instant expiry(String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeException _) {
      return null;
    }
  }
}
